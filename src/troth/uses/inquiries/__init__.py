"""U4. When you ask for information, we use what you gave us to answer you, and only to answer.

Writing to us and registering an interest become an inquiry in the queue of staff; the person gets a receipt.
Not built yet: newsletters, and the confirmed sign-up for them.
"""
