"""Whether an entry still is what its leaf says."""

from collections.abc import Iterator

from troth.records.ledger import LedgerEntry
from troth.records.ledger.signed import LedgerFinding
from troth.records.ledger.verifying.snapshot import Snapshot


def check_content(ledger: Snapshot, entry: LedgerEntry, where: str, leaf: bytes) -> Iterator[LedgerFinding]:
    if entry.leaf != leaf:
        yield LedgerFinding("leaf changed", where, "The entry's leaf is not the one that was sealed.")
    if entry.kind == "erased":
        ledger.erased_people.add(entry.person)
    if not entry.salt:
        ledger.erased += 1
        ledger.erased_people.add(entry.person)
    elif not entry.stands():
        yield LedgerFinding("entry changed", where, "The entry does not match its leaf.")
