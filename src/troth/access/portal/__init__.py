"""A2, A4. The portal of those who are signed in: every request of theirs in one list, and a page for each of them.

A frame that reads the rooms and names none: a kind of request says its subject, state and page part by `Room.shown`.
"""
