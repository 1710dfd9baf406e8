"""One use of many people: one ledger entry with a bitmap of their ordinals, and their values a range at a time.

chosen = select("newsletter", "email")
bulk = grant_selection(chosen, kinds=["email", "name"], who="program:mailing", reason="October's newsletter")
for given in read_selection(bulk): …          the law is asked again for each person
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, pairwise
from typing import Any
from uuid import UUID

from troth.gate.door import Given, Grant, GrantRefused, refuse_inside_transaction, token, value
from troth.gate.facts import read_compiled
from troth.gate.selection import Selection
from troth.policy import Decision
from troth.records.acting import session_token
from troth.records.calls import Refusal, rows
from troth.records.ids import new_id
from troth.seal import token_hash

CHUNK = 65_536
"""People in one bitmap: 8,192 bytes."""
_AT_ONCE = 1_000
"""Ordinals that one query reads."""
GAP = 1_000
"""So many ordinals without anyone are passed over instead of being asked for."""


@dataclass(frozen=True)
class BulkGrant:
    """Permission to read `kinds` of the people of a selection, already in the ledger as one entry.

    `ordinals`: in ascending order, ranges that have all of these people in them."""

    id: UUID
    purpose: str
    kinds: tuple[str, ...]
    ordinals: tuple[range, ...]


@dataclass(frozen=True)
class BulkRefused:
    """The purpose may not use these kinds for anyone. Also recorded in the ledger."""

    purpose: str
    decision: Decision


def grant_selection(
    selection: Selection, *, kinds: Sequence[str], who: str, reason: str, lasting: timedelta = timedelta(hours=1)
) -> BulkGrant | BulkRefused:
    """A committed grant for the people of the selection, or the refusal.

    Cost    1 statement and its commit, whatever the number of people.
    Raises  InsideTransaction."""
    refuse_inside_transaction()
    id = new_id()
    bitmaps = [] if selection.entry else list(chunks(selection.ordinals))
    ((code,),) = rows(
        "select grant_selection(%s, %s, %s, %s, %s::integer[], %b::bytea[], %s, %s, %s, %s, %s, %s, %s)",
        [
            id,
            token_hash(token(id)),
            selection.purpose,
            list(kinds),
            [number for number, _ in bitmaps],
            [bitmap for _, bitmap in bitmaps],
            who,
            reason,
            lasting,
            session_token(),
            selection.topic,
            selection.entry,
            len(selection),
        ],
    )
    if code:
        return BulkRefused(selection.purpose, read_compiled().explain(selection.purpose, code))
    return BulkGrant(id, selection.purpose, tuple(kinds), _find_ranges(selection.ordinals))


def read_selection(*grants: BulkGrant, size: int = _AT_ONCE) -> Iterator[Given]:
    """The values that the grants allow, each person by ordinal; people whom the law refuses by now are absent.

    Takes   size: ordinals a query.   Cost  1 query for so many, whatever the number of grants and ranges
    Raises  GrantRefused: one of them not committed, or expired."""
    for asked in _batch(grants, size):
        named = {grant.id: grant for grant, _ in asked}
        for (id, person), found in groupby(_open(asked), key=lambda row: row[:2]):
            grant = named[id]
            values = {kind: value(person, (kind, *rest)) for _, _, _, kind, *rest in found}
            yield Given(Grant(grant.id, person, grant.purpose, grant.kinds, None, {}), values)


def read_selection_data(*grants: BulkGrant, data: Collection[UUID]) -> Iterator[tuple[BulkGrant, UUID, str]]:
    """As `read_selection`, datum by datum: of `data` those that a grant opens, with their values."""
    for asked in _batch(grants, _AT_ONCE):
        named = {grant.id: grant for grant, _ in asked}
        for id, person, datum, *row in _open(asked, data):
            yield named[id], datum, value(person, tuple(row))


def _batch(grants: Sequence[BulkGrant], size: int) -> Iterator[list[tuple[BulkGrant, range]]]:
    """The grants with parts of their ranges, about `size` ordinals at a time."""
    batch: list[tuple[BulkGrant, range]] = []
    for grant in grants:
        for among in grant.ordinals:
            for start in range(among.start, among.stop, size):
                batch.append((grant, range(start, min(start + size, among.stop))))
                if sum(len(part) for _, part in batch) >= size:
                    yield batch
                    batch = []
    if batch:
        yield batch


def chunks(ordinals: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """(number, bitmap) of each chunk with anyone in it; bit i of chunk n is the person with ordinal 65,536 n + i."""
    import numpy  # here alone: most processes never use many people at once

    if not len(ordinals):
        return
    places = numpy.asarray(ordinals, dtype=numpy.intp)
    marks = numpy.zeros(int(places.max()) + 1, dtype=numpy.uint8)
    marks[places] = 1
    for number in range(len(marks) // CHUNK + 1):
        within = marks[number * CHUNK : (number + 1) * CHUNK]
        if within.any():
            yield number, numpy.packbits(within, bitorder="little").tobytes()


def _find_ranges(ordinals: Sequence[int]) -> tuple[range, ...]:
    """From the first to the last, without wide gaps if they are few: they may be spread over millions."""
    if not len(ordinals):
        return ()
    if len(ordinals) > CHUNK:
        import numpy  # as above

        places = numpy.asarray(ordinals)
        return (range(int(places.min()) // CHUNK * CHUNK, (int(places.max()) // CHUNK + 1) * CHUNK),)
    ordered = sorted(ordinals)
    breaks = [at for at, (one, next) in enumerate(pairwise(ordered), start=1) if next - one > GAP]
    return tuple(range(ordered[at], ordered[to - 1] + 1) for at, to in pairwise([0, *breaks, len(ordered)]))


def _open(asked: Sequence[tuple[BulkGrant, range]], data: Collection[UUID] | None = None) -> list[tuple[Any, ...]]:
    """Grant, person and datum of each value, or only of `data`; those of one person follow each other."""
    try:
        return rows(
            "select opened, person, datum, kind, sealed, clear, wrapped"
            " from read_selected(%s::uuid[], %s::bytea[], %s::integer[], %s::integer[], %s::uuid[])",
            [
                [grant.id for grant, _ in asked],
                [token(grant.id).encode() for grant, _ in asked],
                [part.start for _, part in asked],
                [part.stop for _, part in asked],
                None if data is None else [*data],
            ],
        )
    except Refusal as refusal:
        raise GrantRefused(refusal) from refusal
