"""The fifth check: the bitmaps of bulk uses."""

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from troth.records.ids import NOBODY
from troth.records.ledger.signed import LedgerFinding
from troth.records.ledger.verifying.snapshot import Snapshot


def check_bulk_uses(ledger: Snapshot) -> Iterator[LedgerFinding]:
    rows = ledger.rows(
        "select e.id, e.payload::text, c.number, c.bitmap from entry e"
        " left join entry_chunk c on c.person_id = e.person_id and c.entry_id = e.id"
        " where e.person_id = %s and e.payload ? 'chunks' order by e.id, c.number",
        [NOBODY],
    )
    for (id, payload), chunks in groupby(rows, key=itemgetter(0, 1)):
        yield from _bulk(ledger, id, _list_chunks(payload), chunks)
    for id, number in ledger.rows(
        "select c.entry_id, c.number from entry_chunk c left join entry e on e.person_id = c.person_id"
        " and e.id = c.entry_id and e.payload ? 'chunks' where e.id is null or c.person_id <> %s",
        [NOBODY],
    ):
        yield LedgerFinding("chunk beyond", f"entry {id}, chunk {number}", "No entry tells of this chunk.")


def _bulk(
    ledger: Snapshot, id: UUID, listed: list[tuple[int, str]], chunks: Iterable[Sequence[Any]]
) -> Iterator[LedgerFinding]:
    stored = {number: sha256(bytes(bitmap)).hexdigest() for _, _, number, bitmap in chunks if number is not None}
    ledger.chunks += len(stored)
    for number, digest in listed:
        found = stored.pop(number, None)
        if found is None:
            yield LedgerFinding(
                "chunk missing", f"entry {id}, chunk {number}", "The chunk of this bulk use was deleted."
            )
        elif found != digest:
            yield LedgerFinding(
                "chunk changed", f"entry {id}, chunk {number}", "The bitmap is not the one that was sealed."
            )
    for number in stored:
        yield LedgerFinding("chunk beyond", f"entry {id}, chunk {number}", "The entry does not tell of this chunk.")


def _list_chunks(payload: str) -> list[tuple[int, str]]:
    """The chunks that a payload names; a payload of another shape was changed, which its leaf shows."""
    try:
        return [(int(number), str(digest)) for number, digest in json.loads(payload)["chunks"]]
    except (TypeError, ValueError):
        return []
