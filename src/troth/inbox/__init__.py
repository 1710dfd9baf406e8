"""C3. Email that nobody could read or place waits here for a person, and what came is kept as long as we say.

The mail itself comes in by `collection.mailbox`; rooms take what is theirs.
"""
