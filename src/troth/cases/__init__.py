"""Requests of every kind: received, verified if necessary, and answered in time, or the person learns why not.

One mechanism for privacy requests, quotes, messages and the staff's own procedures. It names no kind: each room brings
its own and hands it to the house.

Policy  #A4, #L1, #L2

kinds     what a kind of request is; rights: what all privacy requests have alike
facts     what a kind alone knows, typed
clocks    by when each law wants an answer: pure functions; timing: those that a kind may name
actions   opened, proven, passed on, extended, approved, answered
emails    what a kind sends by email
duties    what time does by itself: reminders, the notice of day 25
"""
