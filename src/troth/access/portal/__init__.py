"""A2, A4. The portal of signed-in customers: a list of all their requests, and a page for each.

A frame that reads the rooms and names none: a kind of request says its subject, state and page part by `Room.shown`.
"""
