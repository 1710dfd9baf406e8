"""The third check: entries that wait for the sealer, and those that were never queued."""

from collections.abc import Iterator

from troth.records.ledger import entry_of
from troth.records.ledger.signed import LedgerFinding
from troth.records.ledger.verifying.content import check_content
from troth.records.ledger.verifying.snapshot import ENTRY_COLUMNS, Snapshot


def check_waiting(ledger: Snapshot) -> Iterator[LedgerFinding]:
    known = "true" if ledger.since is None else "q.leaf is not null"
    for row in ledger.rows(
        f"select q.leaf, {ENTRY_COLUMNS} from entry e"
        " left join leaf_order o on o.person_id = e.person_id and o.entry_id = e.id"
        " left join entry_queue q on q.person_id = e.person_id and q.entry_id = e.id"
        f" where o.position is null and {known}"
    ):
        entry = entry_of(row[1:])
        where = f"person {entry.person}, entry {entry.id}"
        if row[0] is None:
            yield LedgerFinding("never sealed", where, "The entry has no leaf in the tree and does not wait for one.")
        else:
            ledger.waiting += 1
            yield from check_content(ledger, entry, where, bytes(row[0]))
    for person, id, rows, ordered, missing in ledger.rows(
        "select q.person_id, q.entry_id, count(*), bool_or(o.position is not null), bool_or(e.id is null)"
        " from entry_queue q left join entry e on e.person_id = q.person_id and e.id = q.entry_id"
        " left join leaf_order o on o.person_id = q.person_id and o.entry_id = q.entry_id group by 1, 2"
    ):
        where = f"person {person}, entry {id}"
        if missing:
            yield LedgerFinding("entry missing", where, "The entry waits for the sealer, but was deleted.")
        if ordered or rows > 1:
            yield LedgerFinding(
                "double", where, "The entry waits for the sealer although it is sealed or waits already."
            )
