"""Verifying the whole ledger: entries against their leaves, leaves against the tree, the tree against what was signed.

Only signatures are trusted: rows are read with plain selects and recomputed here, in one snapshot, as a stream. Each
finding says what is wrong and where. One change can cause several findings: a changed tile shows at its leaf and in
the root of the next checkpoint.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count, groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.datetime import TimestamptzBinaryLoader

from troth.notes import Verifier
from troth.records.ids import NOBODY
from troth.records.ledger import COLUMNS, LedgerEntry, entry_of, merkle
from troth.records.ledger.checkpoints import CheckpointFile, CheckpointNote
from troth.records.ledger.leaves import digest_left
from troth.records.ledger.merkle import HASH_BYTES, TILE_BYTES, TILE_HASHES, Frontier, Tree
from troth.records.ledger.signed import LedgerFinding, SignedTree

Connection = psycopg.Connection[tuple[Any, ...]]
Progress = Callable[[int, int], None]
_COLUMNS = ", ".join(f"e.{column}" for column in COLUMNS.split(", "))
_ROWS_AT_ONCE = 2000
_NUMBERS = count()


@dataclass
class Verification:
    """One verification of the ledger, inside the caller's transaction (repeatable read), as the owner.

    Takes   `since`: a trusted checkpoint; checks only what came after it, and that the tree extends it.
    Counts  `entries`, `erased`, `waiting` (not sealed yet), `checkpoints`, `chunks`: what was seen so far."""

    connection: Connection
    keys: Sequence[Verifier]
    file: CheckpointFile
    since: CheckpointNote | None = None
    progress: Progress = lambda done, of: None
    entries: int = 0
    erased: int = 0
    waiting: int = 0
    checkpoints: int = 0
    chunks: int = 0
    latest: CheckpointNote | None = None
    _erased_people: set[UUID] = field(default_factory=set)

    def findings(self) -> Iterator[LedgerFinding]:
        """All findings, as they are found. The counts are complete only at the end."""
        known_bytes = self.file.length_bytes()
        self.connection.adapters.register_loader("timestamptz", _Lenient)
        yield from self._extension()
        yield from self._sealed()
        yield from self._waiting()
        yield from self._erasures()
        yield from self._chunks()
        yield from self._file(known_bytes)

    @property
    def _begin(self) -> int:
        return self.since.size if self.since else 0

    # The tree extends what is believed.

    def _extension(self) -> Iterator[LedgerFinding]:
        if self.since is None:
            return
        size, root = self._one("select size, root from checkpoint order by size desc limit 1") or (0, b"")
        where = f"checkpoint {self.since.size}"
        if size < self.since.size:
            yield LedgerFinding("tail cut", where, f"The database ends at {size} entries; this checkpoint has more.")
            return
        try:
            proof = merkle.consistency_proof(self._tile, self.since.size, size)
        except LookupError as error:
            yield LedgerFinding("corrupt tile", where, str(error))
            return
        sizes = {"old": self.since.size, "new": size}
        if not merkle.extends(**sizes, old_root=self.since.root, new_root=bytes(root), proof=proof):
            yield LedgerFinding("not an extension", where, f"The tree of checkpoint {size} does not extend this one.")

    # Entries, their order, the tiles and the roots of checkpoints, in the order of leaves.

    def _sealed(self) -> Iterator[LedgerFinding]:
        try:
            frontier, tree = Frontier.read(self._begin, self._tile), Tree.read(self._begin, self._tile)
        except LookupError as error:
            yield LedgerFinding("corrupt tile", f"tree of {self._begin}", str(error))
            return
        above: dict[merkle.Place, bytes] = {}
        words = frozenset(size for (size,) in self._rows("select size from clock_word"))
        signed = SignedTree(self.keys, self._checkpoints(), frontier, earlier=self.since, words=words)
        total = self._one("select coalesce(max(position) + 1, 0) from leaf_order")[0] - self._begin
        for leaf, findings in self._leaves():
            yield from findings
            if leaf:
                frontier.append(leaf)
                above |= {place: tile for place, tile in tree.append(leaf).items() if place[0]}
                yield from signed.reached(frontier.size)
            if not frontier.size % _ROWS_AT_ONCE:
                self.progress(frontier.size - self._begin, total)
        yield from signed.rest()
        yield from self._tiles_above(above)
        self.checkpoints, self.latest = signed.count, signed.latest

    def _leaves(self) -> Iterator[tuple[bytes, list[LedgerFinding]]]:
        """Each position's hash from its tile, with what is wrong there."""
        ordered = self._rows(
            f"select o.position, o.person_id, o.entry_id, o.leaf, {_COLUMNS} from leaf_order o"
            " left join entry e on e.person_id = o.person_id and e.id = o.entry_id"
            " where o.position >= %s or %s order by o.position",
            [self._begin, self.since is None],
        )
        hashes, row, at = self._hashes(), next(ordered, None), self._begin
        while True:
            hash, findings = next(hashes, (b"", []))
            if not hash and row is None and not findings:
                return
            while row is not None and row[0] < at:
                findings, row = [*findings, *self._placed(row, b"", at)], next(ordered, None)
            if row is not None and (row[0] == at or not hash):
                findings = [*findings, *self._placed(row, hash, at)]
                row = next(ordered, None)
            elif hash:
                findings = [
                    *findings,
                    LedgerFinding("no order", f"position {at}", "No entry is ordered for this leaf."),
                ]
            yield hash, findings
            at += bool(hash)

    def _placed(self, row: Sequence[Any], hash: bytes, at: int) -> Iterator[LedgerFinding]:
        self.entries += 1
        position, person, id, leaf = row[:4]
        entry = entry_of(row[4:]) if row[4] is not None else None
        if position == at and leaf == hash and entry and entry.salt and entry.leaf == leaf and entry.stands():
            if entry.kind == "erased":
                self._erased_people.add(entry.person)
            return
        where = f"position {position}, person {person}, entry {id}"
        if position != at:
            yield LedgerFinding("gap", where, f"Position {at} should come here.")
        if not hash:
            yield LedgerFinding("no leaf", where, "The entry is ordered, but the tree has no leaf here.")
        elif leaf != hash:
            tile, inside = divmod(position, TILE_HASHES)
            yield LedgerFinding(
                "leaf differs", where, f"The order's leaf is not hash {inside} of tile {tile} of level 0."
            )
        if entry is None:
            yield LedgerFinding("entry missing", where, "The entry was deleted.")
        else:
            yield from self._content(entry, where, hash or bytes(leaf))

    def _content(self, entry: LedgerEntry, where: str, leaf: bytes) -> Iterator[LedgerFinding]:
        if entry.leaf != leaf:
            yield LedgerFinding("leaf changed", where, "The entry's leaf is not the one that was sealed.")
        if entry.kind == "erased":
            self._erased_people.add(entry.person)
        if not entry.salt:
            self.erased += 1
            self._erased_people.add(entry.person)
        elif not entry.stands():
            yield LedgerFinding("entry changed", where, "The entry does not match its leaf.")

    def _hashes(self) -> Iterator[tuple[bytes, list[LedgerFinding]]]:
        """The hashes of level 0, tile by tile; errors of a tile come with its first hash."""
        first, skipped = divmod(self._begin, TILE_HASHES)
        expected, former = first, TILE_BYTES
        for number, tile in self._rows(
            "select number, hashes from tile where level = 0 and number >= %s order by number", [first]
        ):
            hashes, findings = bytes(tile), []
            where = f"tile {number} of level 0"
            if number != expected or former != TILE_BYTES:
                findings.append(LedgerFinding("tile gap", where, f"Tile {expected} before it is missing or not full."))
            if not hashes or len(hashes) % HASH_BYTES or len(hashes) > TILE_BYTES:
                findings.append(LedgerFinding("corrupt tile", where, f"The tile has {len(hashes)} bytes."))
            expected, former = number + 1, len(hashes)
            hashes = hashes[: len(hashes) // HASH_BYTES * HASH_BYTES]
            if number == first:
                hashes = hashes[skipped * HASH_BYTES :]
            if not hashes and findings:
                yield b"", findings
            for at in range(0, len(hashes), HASH_BYTES):
                yield hashes[at : at + HASH_BYTES], findings if not at else []

    def _tiles_above(self, computed: dict[merkle.Place, bytes]) -> Iterator[LedgerFinding]:
        for level, number, hashes in self._rows("select level, number, hashes from tile where level <> 0"):
            right = computed.pop((level, number), None)
            where = f"tile {number} of level {level}"
            if right is None and not self._known(level, number):
                yield LedgerFinding("tile beyond", where, "The tree has no such tile.")
            elif right is not None and bytes(hashes) != right:
                yield LedgerFinding("corrupt tile", where, "The tile does not hold the roots of the tiles below it.")
        for level, number in computed:
            yield LedgerFinding("tile missing", f"tile {number} of level {level}", "The tile is missing.")

    def _known(self, level: int, number: int) -> bool:
        """Whether the tree had this tile at the trusted checkpoint."""
        return level > 0 and number * TILE_HASHES < self._begin >> (8 * level)

    def _checkpoints(self) -> Iterator[tuple[Any, ...]]:
        return self._rows(
            "select size, root, at_utc, note from checkpoint where size > %s or %s order by size",
            [self._begin, self.since is None],
        )

    # What waits for the sealer, and what never came to it.

    def _waiting(self) -> Iterator[LedgerFinding]:
        known = "true" if self.since is None else "q.leaf is not null"
        for row in self._rows(
            f"select q.leaf, {_COLUMNS} from entry e"
            " left join leaf_order o on o.person_id = e.person_id and o.entry_id = e.id"
            " left join entry_queue q on q.person_id = e.person_id and q.entry_id = e.id"
            f" where o.position is null and {known}"
        ):
            entry = entry_of(row[1:])
            where = f"person {entry.person}, entry {entry.id}"
            if row[0] is None:
                yield LedgerFinding(
                    "never sealed", where, "The entry has no leaf in the tree and does not wait for one."
                )
            else:
                self.waiting += 1
                yield from self._content(entry, where, bytes(row[0]))
        for person, id, rows, ordered, missing in self._rows(
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

    # What has no salt was erased, and is what the `erased` entry says is left.

    def _erasures(self) -> Iterator[LedgerFinding]:
        left = {
            person: (digest, count)
            for person, digest, count in self._rows(
                "select distinct on (person_id) person_id, payload ->> 'left', payload ->> 'entries' from entry"
                " where kind = 'erased' order by person_id, at_utc desc, id desc"
            )
        }
        people = None if self.since is None else list(self._erased_people)
        unsalted = self._rows(
            f"select {_COLUMNS} from entry e where e.salt is null and (%s::uuid[] is null or e.person_id = any (%s))"
            " order by e.person_id, e.id",
            [people, people],
        )
        for person, rows in groupby(map(entry_of, unsalted), key=lambda entry: entry.person):
            digests = [entry.left(entry.leaf) for entry in rows]
            where = f"person {person}"
            if person not in left:
                yield LedgerFinding(
                    "not erased", where, f"{len(digests)} entries have no salt, but no entry records an erasure."
                )
            elif left[person][0] and left[person] != (digest_left(digests), str(len(digests))):
                yield LedgerFinding(
                    "erased changed", where, "What is left of the person's entries is not what was left at the erasure."
                )

    # The bitmaps of bulk uses.

    def _chunks(self) -> Iterator[LedgerFinding]:
        rows = self._rows(
            "select e.id, e.payload::text, c.number, c.bitmap from entry e"
            " left join entry_chunk c on c.person_id = e.person_id and c.entry_id = e.id"
            " where e.person_id = %s and e.payload ? 'chunks' order by e.id, c.number",
            [NOBODY],
        )
        for (id, payload), chunks in groupby(rows, key=itemgetter(0, 1)):
            yield from self._bulk(id, _list_chunks(payload), chunks)
        for id, number in self._rows(
            "select c.entry_id, c.number from entry_chunk c left join entry e on e.person_id = c.person_id"
            " and e.id = c.entry_id and e.payload ? 'chunks' where e.id is null or c.person_id <> %s",
            [NOBODY],
        ):
            yield LedgerFinding("chunk beyond", f"entry {id}, chunk {number}", "No entry tells of this chunk.")

    def _bulk(self, id: UUID, told: list[tuple[int, str]], chunks: Iterable[Sequence[Any]]) -> Iterator[LedgerFinding]:
        stored = {number: sha256(bytes(bitmap)).hexdigest() for _, _, number, bitmap in chunks if number is not None}
        self.chunks += len(stored)
        for number, digest in told:
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

    # The file outside the database.

    def _file(self, known_bytes: int) -> Iterator[LedgerFinding]:
        stored = self._rows("select size, note from checkpoint where size >= %s order by size", [self._begin])
        row, former = next(stored, None), -1
        for record in self.file.records():
            where = f"checkpoint file, line {record.line}"
            if record.size <= former:
                yield LedgerFinding("file order", where, "This is no checkpoint, or comes after a larger one.")
                continue
            former = record.size
            while row is not None and row[0] < record.size:
                yield self._lacking(row[0])
                row = next(stored, None)
            if row is not None and row[0] == record.size:
                if row[1] != record.note:
                    yield LedgerFinding("file differs", where, f"Checkpoint {record.size} says something else here.")
                elif not record.whole:
                    yield LedgerFinding(
                        "file lacks", where, "Its last line is missing. The sealer adds it when it starts."
                    )
                row = next(stored, None)
            elif record.size >= self._begin and record.begin_byte < known_bytes:
                yield LedgerFinding(
                    "file ahead", where, f"Checkpoint {record.size} is not in the database: was its tail cut?"
                )
        while row is not None:
            yield self._lacking(row[0])
            row = next(stored, None)

    def _lacking(self, size: int) -> LedgerFinding:
        return LedgerFinding(
            "file lacks", "checkpoint file", f"Checkpoint {size} is missing. The sealer adds the last when it starts."
        )

    # Reading.

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        with self.connection.cursor(f"verify {next(_NUMBERS)}", binary=True) as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            cursor.execute(sql.encode(), values)
            yield from cursor

    def _one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        return self.connection.execute(sql.encode(), values, binary=True).fetchone()

    def _tile(self, level: int, number: int) -> bytes:
        found = self._one("select hashes from tile where level = %s and number = %s", [level, number])
        return bytes(found[0]) if found else b""


def _list_chunks(payload: str) -> list[tuple[int, str]]:
    """The chunks that a payload names; a payload of another shape was changed, which its leaf shows."""
    try:
        return [(int(number), str(digest)) for number, digest in json.loads(payload)["chunks"]]
    except (TypeError, ValueError):
        return []


class _Lenient(TimestamptzBinaryLoader):
    """Also reads times that Python can't represent: someone may have inserted one."""

    def load(self, data: Any) -> datetime:
        try:
            return super().load(data)
        except psycopg.DataError:
            return datetime.max.replace(tzinfo=UTC)
