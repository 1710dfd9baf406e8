"""What we hold: people as bare keys, their data with provenance, their choices, and the ledger of all that happened.

Nothing in here is reached by a plain select: the application's role calls the functions of `records/sql`,
and a value leaves only by the id of a committed grant (see `troth.gate`).

Policy  #S1
"""

from troth.records.keeping import KeptRequest, Provenance, keep

__all__ = ["KeptRequest", "Provenance", "keep"]
