"""I1. What our outbox does, as staff see it: what waits, is held, failed or may not leave.

Sending itself is `troth.outbox`.
"""
