"""Everything we store: people as bare keys, their data with its source, their choices, and the ledger.

None of it can be read with a plain select: the application's role calls the functions of `records/sql`,
and values are returned only for a committed grant (see `troth.gate`).

Policy  #S1
"""

from troth.records.keeping import KeptRequest, Provenance, keep

__all__ = ["KeptRequest", "Provenance", "keep"]
