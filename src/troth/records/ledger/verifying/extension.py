"""The first check: the tree extends the trusted checkpoint."""

from collections.abc import Iterator

from troth.records.ledger import merkle
from troth.records.ledger.signed import LedgerFinding
from troth.records.ledger.verifying.snapshot import Snapshot


def check_extension(ledger: Snapshot) -> Iterator[LedgerFinding]:
    if ledger.since is None:
        return
    size, root = ledger.one("select size, root from checkpoint order by size desc limit 1") or (0, b"")
    where = f"checkpoint {ledger.since.size}"
    if size < ledger.since.size:
        yield LedgerFinding("tail cut", where, f"The database ends at {size} entries; this checkpoint has more.")
        return
    try:
        proof = merkle.consistency_proof(ledger.tile, ledger.since.size, size)
    except LookupError as error:
        yield LedgerFinding("corrupt tile", where, str(error))
        return
    sizes = {"old": ledger.since.size, "new": size}
    if not merkle.extends(**sizes, old_root=ledger.since.root, new_root=bytes(root), proof=proof):
        yield LedgerFinding("not an extension", where, f"The tree of checkpoint {size} does not extend this one.")
