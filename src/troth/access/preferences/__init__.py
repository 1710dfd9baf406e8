"""I1. The preference center: one page with every choice, opened by signing in or by an emailed link.

    sheet     each purpose with their choice, what a new version asks, what no opt-out covers and why
    actions   saves, answers, withdraws; what an unsubscribe link may do, which is to say no
    telling   what the page says after saving, and what undoing it needs; signed, in the address, no cookie

Policy  #I1, #P2, #C14
"""
