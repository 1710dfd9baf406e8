"""I1. The preference centre: one page with every choice, by sign-in or by mailed link.

    sheet     what stands: each purpose with her choice, what a new version asks, what no opt-out covers and why
    actions   saves, answers, takes back; what an unsubscribe link may do, which is to say no
    telling   what is told back after saving, and what taking it back needs; signed, in the address, no cookie

Policy  #I1, #P2, #C14
"""
