"""The fourth check: an entry without salt was erased, and is what its `erased` entry says is left."""

from collections.abc import Iterator
from itertools import groupby

from troth.records.ledger import entry_of
from troth.records.ledger.leaves import digest_left
from troth.records.ledger.signed import LedgerFinding
from troth.records.ledger.verifying.snapshot import ENTRY_COLUMNS, Snapshot


def check_erasures(ledger: Snapshot) -> Iterator[LedgerFinding]:
    left = {
        person: (digest, count)
        for person, digest, count in ledger.rows(
            "select distinct on (person_id) person_id, payload ->> 'left', payload ->> 'entries' from entry"
            " where kind = 'erased' order by person_id, at_utc desc, id desc"
        )
    }
    people = None if ledger.since is None else list(ledger.erased_people)
    unsalted = ledger.rows(
        f"select {ENTRY_COLUMNS} from entry e where e.salt is null and (%s::uuid[] is null or e.person_id = any (%s))"
        " order by e.person_id, e.id",
        [people, people],
    )
    for person, rows in groupby(map(entry_of, unsalted), key=lambda entry: entry.person):
        digests = [entry.digest_rest(entry.leaf) for entry in rows]
        where = f"person {person}"
        if person not in left:
            yield LedgerFinding(
                "not erased", where, f"{len(digests)} entries have no salt, but no entry records an erasure."
            )
        elif left[person][0] and left[person] != (digest_left(digests), str(len(digests))):
            yield LedgerFinding(
                "erased changed", where, "What is left of the person's entries is not what was left at the erasure."
            )
