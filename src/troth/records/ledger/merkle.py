"""The Merkle tree of the ledger: root, tiles, proofs and their verification. Pure Python.

    leaf hash   SHA-256(0x00 ‖ entry)              an entry's leaf is one already
    node hash   SHA-256(0x01 ‖ left ‖ right)
    root        of n leaves: node(root of the first k, root of the rest), k the largest power of two below n

A tile is up to 256 neighboring hashes of one height: level 0 has leaves, level 1 the roots of full tiles of level 0,
and so on. Hashes are stored one after another, 32 bytes each, which suits both hashing and the database.

Source  RFC 6962, 2.1; RFC 9162, 2.1.3.2 and 2.1.4.2 (verification); C2SP tlog-tiles (tiles).
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

HASH_BYTES = 32
TILE_HASHES = 256
TILE_BYTES = TILE_HASHES * HASH_BYTES
_TILE_HEIGHT = 8
EMPTY_ROOT = sha256(b"").digest()

Place = tuple[int, int]
"""Level and number of a tile."""

Tiles = Callable[[int, int], bytes]
"""Gives the hashes of the tile of a level and number; longer than asked does not matter, the tree only grows."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def tile_root(hashes: bytes) -> bytes:
    """The root over 1, 2, 4 … 256 neighboring hashes."""
    while len(hashes) > HASH_BYTES:
        hashes = b"".join(
            [
                sha256(b"\x01" + hashes[at : at + 2 * HASH_BYTES]).digest()
                for at in range(0, len(hashes), 2 * HASH_BYTES)
            ]
        )
    return hashes


class Tree:
    """A growing tree: the number of leaves, and the incomplete tile of each level."""

    def __init__(self, size: int = 0, edge: Sequence[bytes] = ()) -> None:
        self.size = size
        self._edge = list(edge)

    @classmethod
    def read(cls, size: int, tiles: Tiles) -> "Tree":
        """The tree of `size` leaves whose tiles are stored."""
        edge: list[bytes] = []
        while count := size >> (_TILE_HEIGHT * len(edge)):
            full, rest = divmod(count, TILE_HASHES)
            edge.append(tiles(len(edge), full)[: rest * HASH_BYTES] if rest else b"")
        return cls(size, edge)

    def append(self, leaves: bytes) -> dict[Place, bytes]:
        """The tiles that changed by these leaves, lowest level first."""
        changed: dict[Place, bytes] = {}
        fresh, level = leaves, 0
        while fresh:
            self._edge += [b""] * (level == len(self._edge))
            first = self.size >> (_TILE_HEIGHT * level) >> _TILE_HEIGHT
            tiles = _cut(self._edge[level] + fresh)
            changed |= {(level, first + at): tile for at, tile in enumerate(tiles)}
            self._edge[level] = tiles[-1] if len(tiles[-1]) < TILE_BYTES else b""
            fresh = b"".join(tile_root(tile) for tile in tiles if len(tile) == TILE_BYTES)
            level += 1
        self.size += len(leaves) // HASH_BYTES
        return changed

    def root(self) -> bytes:
        right = b""
        for hashes in self._edge:
            for subtree in _perfect_from_right(hashes):
                right = node_hash(subtree, right) if right else subtree
        return right or EMPTY_ROOT

    def copy(self) -> "Tree":
        return Tree(self.size, self._edge)


class Frontier:
    """Computes the root leaf by leaf with a few stored hashes, for reading a whole ledger."""

    def __init__(self) -> None:
        self.size = 0
        self._perfect: list[bytes] = []

    @classmethod
    def read(cls, size: int, tiles: Tiles) -> "Frontier":
        made, begin = cls(), 0
        made.size = size
        for height in range(size.bit_length() - 1, -1, -1):
            if size >> height & 1:
                made._perfect.append(_node(tiles, height, begin >> height))
                begin += 1 << height
        return made

    def append(self, leaf: bytes) -> None:
        merges = (~self.size & self.size + 1).bit_length() - 1
        for _ in range(merges):
            leaf = node_hash(self._perfect.pop(), leaf)
        self._perfect.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        right = b""
        for subtree in reversed(self._perfect):
            right = node_hash(subtree, right) if right else subtree
        return right or EMPTY_ROOT


def root_of(tiles: Tiles, size: int) -> bytes:
    """The root of the first `size` leaves of stored tiles."""
    return _range_root(tiles, 0, size) if size else EMPTY_ROOT


def inclusion_proof(tiles: Tiles, position: int, size: int) -> list[bytes]:
    """The hashes that lead from the leaf at `position` to the root of `size` leaves, nearest first."""
    if not 0 <= position < size:
        raise ValueError(f"There is no leaf {position} among {size}.")
    begin, end, proof = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if position < middle:
            proof.append(_range_root(tiles, middle, end))
            end = middle
        else:
            proof.append(_range_root(tiles, begin, middle))
            begin = middle
    return proof[::-1]


def consistency_proof(tiles: Tiles, old: int, new: int) -> list[bytes]:
    """The hashes that show that an older root is the root of the first `old` of `new` leaves."""
    if not 0 <= old <= new:
        raise ValueError(f"A tree of {new} leaves does not extend one of {old}.")
    begin, end, proof = 0, new, []
    while 0 < old < end:
        middle = begin + _split(end - begin)
        if old <= middle:
            proof.append(_range_root(tiles, middle, end))
            end = middle
        else:
            proof.append(_range_root(tiles, begin, middle))
            begin = middle
    if begin:
        proof.append(_range_root(tiles, begin, end))
    return proof[::-1]


def compute_root(leaf: bytes, *, position: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that the proof leads to, or None if its length is wrong for this position."""
    if not 0 <= position < size:
        return None
    at, last, root = position, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            root = node_hash(sibling, root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        at, last = at >> 1, last >> 1
    return root if last == 0 else None


def extends(*, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `new_root` begins with all leaves of `old_root`."""
    if old == new or old == 0:
        return not proof and (old_root == new_root if old == new else old_root == EMPTY_ROOT)
    if not 0 < old < new or not proof:
        return False
    # An old tree of a full power of two is itself a node of the new one, so the proof leaves its root out.
    path = [*([old_root] if old & (old - 1) == 0 else []), *proof]
    at, last = old - 1, new - 1
    # Right children belong to subtrees that were complete before: the walk begins above them.
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = path[0]
    for hash in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            older, newer = node_hash(hash, older), node_hash(hash, newer)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            newer = node_hash(newer, hash)
        at, last = at >> 1, last >> 1
    return last == 0 and older == old_root and newer == new_root


def places_for(position: int, size: int) -> set[Place]:
    """The tiles that an inclusion proof reads: its own column, and the right edge."""
    places, level = set(), 0
    while count := size >> (_TILE_HEIGHT * level):
        own = position >> (_TILE_HEIGHT * level)
        places |= {(level, (count - 1) // TILE_HASHES)} | ({(level, own // TILE_HASHES)} if own < count else set())
        level += 1
    return places


def _range_root(tiles: Tiles, begin: int, end: int) -> bytes:
    size = end - begin
    if size & (size - 1) == 0:
        height = size.bit_length() - 1
        return _node(tiles, height, begin >> height)
    middle = begin + _split(size)
    return node_hash(_range_root(tiles, begin, middle), _range_root(tiles, middle, end))


def _node(tiles: Tiles, height: int, index: int) -> bytes:
    """The root of a perfect subtree, from the tile that holds its lowest known hashes."""
    level, above = divmod(height, _TILE_HEIGHT)
    number, first = divmod(index << above, TILE_HASHES)
    hashes = tiles(level, number)[first * HASH_BYTES : (first + (1 << above)) * HASH_BYTES]
    if len(hashes) != HASH_BYTES << above:
        raise LookupError(f"Tile {number} of level {level} has too few hashes.")
    return tile_root(hashes)


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _perfect_from_right(hashes: bytes) -> Iterator[bytes]:
    count, end = len(hashes) // HASH_BYTES, len(hashes)
    for height in range(_TILE_HEIGHT):
        if count >> height & 1:
            yield tile_root(hashes[end - (HASH_BYTES << height) : end])
            end -= HASH_BYTES << height


def _cut(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + TILE_BYTES] for at in range(0, len(hashes), TILE_BYTES)]
