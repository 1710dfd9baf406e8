"""U1. A tiny room, plugged in by tests/house/test_example_room.py: somebody asks for support.

It has one form, one kind of request, one email, one work list, one kind of ledger entry and one table.
docs/adding-a-room.md walks through it.
"""
