"""Verifying the whole ledger: entries against their leaves, leaves against the tree, the tree against what was signed.

Only signatures are trusted: rows are read with plain selects and recomputed here, in one snapshot, as a stream. Each
finding says what is wrong and where. One change can cause several findings: a changed tile shows at its leaf and in
the root of the next checkpoint. The six checks are modules of this package.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from troth.records.ledger.signed import LedgerFinding
from troth.records.ledger.verifying.bulk_uses import check_bulk_uses
from troth.records.ledger.verifying.erasures import check_erasures
from troth.records.ledger.verifying.extension import check_extension
from troth.records.ledger.verifying.file import check_file
from troth.records.ledger.verifying.sealed import check_sealed
from troth.records.ledger.verifying.snapshot import Connection, Snapshot
from troth.records.ledger.verifying.waiting import check_waiting

__all__ = ["Connection", "Verification"]


@dataclass
class Verification(Snapshot):
    """One verification of the ledger."""

    def findings(self) -> Iterator[LedgerFinding]:
        """All findings, as they are found. The counts are complete only at the end."""
        # Before anything is read: what the sealer appends meanwhile is not in this snapshot.
        known_bytes = self.file.length_bytes()
        self.read_any_time()
        yield from check_extension(self)
        yield from check_sealed(self)
        yield from check_waiting(self)
        # After the first two, which note whose entries were erased.
        yield from check_erasures(self)
        yield from check_bulk_uses(self)
        yield from check_file(self, known_bytes)
