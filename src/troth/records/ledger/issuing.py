"""Ledger receipts from the database, under the application's role. Each is verified before it is returned."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings

from troth import notes
from troth.records.calls import rows
from troth.records.ledger import LedgerEntry, merkle
from troth.records.ledger.checkpoints import CheckpointNote, LedgerRefused
from troth.records.ledger.receipts import Receipt


def latest_note() -> str | None:
    """The newest checkpoint as it was signed, or None before the first."""
    found = rows("select note from checkpoint order by size desc limit 1")
    return str(found[0][0]) if found else None


def public_keys() -> list[notes.Verifier]:
    """The keys that sign, or once signed, this ledger. Raises NoteProblem."""
    return notes.verifiers_at(notes.public_file(Path(settings.TROTH_LEDGER_KEY_FILE)))


def receipts(entries: Sequence[LedgerEntry]) -> list[Receipt]:
    """A receipt for each of these entries that is signed: all but those of the last second.

    Cost    3 queries, however many entries.   Raises  LedgerRefused: a corrupt tile or checkpoint; NoteProblem."""
    note = latest_note()
    if note is None or not entries:
        return []
    checkpoint, key = _open_note(note)
    places = _positions(entries, checkpoint.size)
    tiles = _Tiles(set().union(*(merkle.places_for(at, checkpoint.size) for at in places.values())))
    made = [
        _receipt(entry, places[entry.person, entry.id], checkpoint.size, tiles, note=note, key=key)
        for entry in entries
        if (entry.person, entry.id) in places
    ]
    for receipt in made:
        receipt.verify([key])
    return made


def _open_note(note: str) -> tuple[CheckpointNote, notes.Verifier]:
    keys = public_keys()
    checkpoint = CheckpointNote.open(note, keys)
    return checkpoint, notes.open_note(note, keys)[1]


def _positions(entries: Sequence[LedgerEntry], size: int) -> dict[tuple[UUID, UUID], int]:
    return {
        (person, id): position
        for person, id, position in rows(
            "select o.person_id, o.entry_id, o.position from leaf_order o"
            " join unnest(%s::uuid[], %s::uuid[]) as wanted (person_id, entry_id) using (person_id, entry_id)"
            " where o.position < %s",
            [[entry.person for entry in entries], [entry.id for entry in entries], size],
        )
    }


def _receipt(
    entry: LedgerEntry, position: int, size: int, tiles: "_Tiles", *, note: str, key: notes.Verifier
) -> Receipt:
    try:
        proof = merkle.inclusion_proof(tiles.read, position, size)
    except LookupError as error:
        raise LedgerRefused("corrupt tile", f"There is no proof for entry {entry.id}: {error}") from error
    return Receipt(entry, entry.salt, entry.leaf, position, tuple(proof), note, key)


class _Tiles:
    """The tiles of these places, read at once."""

    def __init__(self, places: set[merkle.Place]) -> None:
        levels, numbers = [level for level, _ in places], [number for _, number in places]
        found = rows(
            "select level, number, hashes from tile"
            " join unnest(%s::smallint[], %s::bigint[]) as wanted (level, number) using (level, number)",
            [levels, numbers],
        )
        self._hashes = {(level, number): bytes(hashes) for level, number, hashes in found}

    def read(self, level: int, number: int) -> bytes:
        return self._hashes.get((level, number), b"")
