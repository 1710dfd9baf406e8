"""A1. Accounts: made by the person who proves an address, opened by password or passkey, kept by their owner alone.

    sign up     data kept, password hashed and the email queued in one transaction
    confirm     the mailed secret together with the password makes the account; earlier facts of the address join it
    sign in     password, then a code if there is a second factor; or a passkey
    change      a new address counts once it is proven; the old one is notified

A known address and an unknown one get the same page after the same work: which it was, only the email says.
"""
