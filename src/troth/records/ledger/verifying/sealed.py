"""The second check: entries, their order, the tiles, and the roots of checkpoints, in the order of leaves."""

from collections.abc import Iterator, Sequence
from typing import Any

from troth.records.ledger import entry_of, merkle
from troth.records.ledger.merkle import HASH_BYTES, TILE_BYTES, TILE_HASHES, Frontier, Tree
from troth.records.ledger.signed import LedgerFinding, SignedTree
from troth.records.ledger.verifying.content import check_content
from troth.records.ledger.verifying.snapshot import ENTRY_COLUMNS, ROWS_AT_ONCE, Snapshot


def check_sealed(ledger: Snapshot) -> Iterator[LedgerFinding]:
    try:
        frontier, tree = Frontier.read(ledger.begin, ledger.tile), Tree.read(ledger.begin, ledger.tile)
    except LookupError as error:
        yield LedgerFinding("corrupt tile", f"tree of {ledger.begin}", str(error))
        return
    above: dict[merkle.Place, bytes] = {}
    words = frozenset(size for (size,) in ledger.rows("select size from clock_word"))
    signed = SignedTree(ledger.keys, _checkpoints(ledger), frontier, earlier=ledger.since, words=words)
    total = ledger.one("select coalesce(max(position) + 1, 0) from leaf_order")[0] - ledger.begin
    for leaf, findings in _leaves(ledger):
        yield from findings
        if leaf:
            frontier.append(leaf)
            above |= {place: tile for place, tile in tree.append(leaf).items() if place[0]}
            yield from signed.compare_up_to(frontier.size)
        if not frontier.size % ROWS_AT_ONCE:
            ledger.progress(frontier.size - ledger.begin, total)
    yield from signed.rest()
    yield from _tiles_above(ledger, above)
    ledger.checkpoints, ledger.latest = signed.count, signed.latest


def _leaves(ledger: Snapshot) -> Iterator[tuple[bytes, list[LedgerFinding]]]:
    """Each position's hash from its tile, with what is wrong there."""
    ordered = ledger.rows(
        f"select o.position, o.person_id, o.entry_id, o.leaf, {ENTRY_COLUMNS} from leaf_order o"
        " left join entry e on e.person_id = o.person_id and e.id = o.entry_id"
        " where o.position >= %s or %s order by o.position",
        [ledger.begin, ledger.since is None],
    )
    hashes, row, at = _hashes(ledger), next(ordered, None), ledger.begin
    while True:
        hash, findings = next(hashes, (b"", []))
        if not hash and row is None and not findings:
            return
        # Ordered twice, or before a gap: such rows have no leaf of their own.
        while row is not None and row[0] < at:
            findings, row = [*findings, *_check_place(ledger, row, b"", at)], next(ordered, None)
        if row is not None and (row[0] == at or not hash):
            findings = [*findings, *_check_place(ledger, row, hash, at)]
            row = next(ordered, None)
        elif hash:
            findings = [
                *findings,
                LedgerFinding("no order", f"position {at}", "No entry is ordered for this leaf."),
            ]
        yield hash, findings
        # Past the last leaf the position stays, so that every row that is left is found without one.
        at += bool(hash)


def _check_place(ledger: Snapshot, row: Sequence[Any], hash: bytes, at: int) -> Iterator[LedgerFinding]:
    ledger.entries += 1
    position, person, id, leaf = row[:4]
    entry = entry_of(row[4:]) if row[4] is not None else None
    # The usual case first: all else below costs a hash or a query for each entry.
    if position == at and leaf == hash and entry and entry.salt and entry.leaf == leaf and entry.stands():
        if entry.kind == "erased":
            ledger.erased_people.add(entry.person)
        return
    where = f"position {position}, person {person}, entry {id}"
    if position != at:
        yield LedgerFinding("gap", where, f"Position {at} should come here.")
    if not hash:
        yield LedgerFinding("no leaf", where, "The entry is ordered, but the tree has no leaf here.")
    elif leaf != hash:
        tile, inside = divmod(position, TILE_HASHES)
        yield LedgerFinding("leaf differs", where, f"The order's leaf is not hash {inside} of tile {tile} of level 0.")
    if entry is None:
        yield LedgerFinding("entry missing", where, "The entry was deleted.")
    else:
        yield from check_content(ledger, entry, where, hash or bytes(leaf))


def _hashes(ledger: Snapshot) -> Iterator[tuple[bytes, list[LedgerFinding]]]:
    """The hashes of level 0, tile by tile; errors of a tile come with its first hash."""
    first, skipped = divmod(ledger.begin, TILE_HASHES)
    expected, former = first, TILE_BYTES
    for number, tile in ledger.rows(
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


def _tiles_above(ledger: Snapshot, computed: dict[merkle.Place, bytes]) -> Iterator[LedgerFinding]:
    for level, number, hashes in ledger.rows("select level, number, hashes from tile where level <> 0"):
        right = computed.pop((level, number), None)
        where = f"tile {number} of level {level}"
        if right is None and not _stood_before(ledger, level, number):
            yield LedgerFinding("tile beyond", where, "The tree has no such tile.")
        elif right is not None and bytes(hashes) != right:
            yield LedgerFinding("corrupt tile", where, "The tile does not hold the roots of the tiles below it.")
    for level, number in computed:
        yield LedgerFinding("tile missing", f"tile {number} of level {level}", "The tile is missing.")


def _stood_before(ledger: Snapshot, level: int, number: int) -> bool:
    """Whether the tree had this tile at the trusted checkpoint."""
    return level > 0 and number * TILE_HASHES < ledger.begin >> (8 * level)


def _checkpoints(ledger: Snapshot) -> Iterator[tuple[Any, ...]]:
    return ledger.rows(
        "select size, root, at_utc, note from checkpoint where size > %s or %s order by size",
        [ledger.begin, ledger.since is None],
    )
