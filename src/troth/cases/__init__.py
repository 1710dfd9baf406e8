"""Requests with a clock: by when a law or a promise of the policy wants an answer.

So far the clocks alone stand here; the requests themselves follow.

Policy  #A4, #L1, #L2
"""
