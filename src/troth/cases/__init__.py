"""Requests with a clock: received, proven, answered in time, or the person is told why not. One mechanism for all.

Policy  #A4, #L1, #L2

kinds     what may be asked for, and what each needs
clocks    by when each law wants an answer: pure functions
timing    which clock runs for which kind
actions   opened, proven, extended, approved, answered
duties    what time does by itself: reminders, the notice of day 25
erasing   everybody of the case and the last email, or nothing
"""
