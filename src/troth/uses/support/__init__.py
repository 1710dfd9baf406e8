"""U1. We use what you tell us about your products and about the help you asked for to help you, now and later.

A request for support becomes a case with its messages, both ways, until it is closed; a reply opens it again.
"""
