"""The tree agrees with the published vectors of Certificate Transparency, and with the definition itself."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.records.ledger import merkle
from troth.records.ledger.merkle import Frontier, Tree, compute_root, consistency_proof, extends, inclusion_proof

# The test data of RFC 6962's reference implementation: eight entries, the root after each, and proofs.
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
LEAVES = [merkle.leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {  # (position, size)
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {  # (old size, new size)
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word: nothing of the module is used."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """RFC 6962, 2.1.2."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    if m <= k:
        return [*naive_subproof(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], False), naive_root(leaves[:k])]


class Grown:
    """A tree with the tiles that it wrote, leaves given in uneven batches."""

    def __init__(self, leaves: list[bytes], batches: tuple[int, ...] = (1, 3, 300, 41, 700)) -> None:
        self.tree, at = Tree(), 0
        self.stored: dict[merkle.Place, bytes] = {}
        for turn in range(len(leaves)):
            if at >= len(leaves):
                break
            batch = leaves[at : at + batches[turn % len(batches)]]
            self.stored |= self.tree.append(b"".join(batch))
            at += len(batch)

    def tiles(self, level: int, number: int) -> bytes:
        return self.stored.get((level, number), b"")


def many(count: int) -> list[bytes]:
    return [sha256(f"leaf {number}".encode()).digest() for number in range(count)]


SOME = many(3000)
GROWN = Grown(SOME)


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots_come_out_of_each_way_to_compute_one(size: int) -> None:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf)
    tree = Grown(LEAVES[:size], (1,))
    found = {
        frontier.root().hex(),
        tree.tree.root().hex(),
        merkle.root_of(tree.tiles, size).hex(),
        naive_root(LEAVES[:size]).hex(),
    }
    assert found == {ROOTS[size - 1]}


def test_the_empty_root_is_the_published_one() -> None:
    assert Tree().root().hex() == Frontier().root().hex() == merkle.EMPTY_ROOT.hex()
    assert merkle.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("place", "published"), INCLUSION.items())
def test_the_published_inclusion_proofs_come_out_and_hold(place: tuple[int, int], published: list[str]) -> None:
    position, size = place
    proof = inclusion_proof(Grown(LEAVES).tiles, position, size)
    assert [hash.hex() for hash in proof] == published
    root = compute_root(LEAVES[position], position=position, size=size, proof=proof)
    assert root is not None
    assert root.hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("sizes", "published"), CONSISTENCY.items())
def test_the_published_consistency_proofs_come_out_and_hold(sizes: tuple[int, int], published: list[str]) -> None:
    old, new = sizes
    proof = consistency_proof(Grown(LEAVES).tiles, old, new)
    assert [hash.hex() for hash in proof] == published
    roots = [bytes.fromhex(ROOTS[size - 1]) for size in sizes]
    assert extends(old=old, new=new, old_root=roots[0], new_root=roots[1], proof=proof)


@given(st.data())
@settings(max_examples=150)
def test_any_inclusion_proof_is_the_definitions_and_holds_for_its_place_alone(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 3000))
    position = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(GROWN.tiles, position, size)
    root = naive_root(SOME[:size])
    assert proof == naive_path(position, SOME[:size])
    assert compute_root(SOME[position], position=position, size=size, proof=proof) == root
    elsewhere = data.draw(st.integers(0, size))
    if elsewhere != position:
        assert compute_root(SOME[position], position=elsewhere, size=size, proof=proof) != root
    for at in range(len(proof)):
        forged = [*proof[:at], b"\x00" * 32, *proof[at + 1 :]]
        assert compute_root(SOME[position], position=position, size=size, proof=forged) != root
    assert compute_root(SOME[position], position=position, size=size, proof=[*proof, b"\x00" * 32]) != root
    if proof:
        assert compute_root(SOME[position], position=position, size=size, proof=proof[:-1]) != root


@given(st.data())
@settings(max_examples=150)
def test_any_consistency_proof_is_the_definitions_and_a_forged_one_fails(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 3000))
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(GROWN.tiles, old, new)
    roots = {"old_root": naive_root(SOME[:old]), "new_root": naive_root(SOME[:new])}
    assert proof == naive_subproof(old, SOME[:new])
    assert extends(old=old, new=new, **roots, proof=proof)
    for at in range(len(proof)):
        assert not extends(old=old, new=new, **roots, proof=[*proof[:at], b"\x00" * 32, *proof[at + 1 :]])
    assert not extends(old=old, new=new, **roots, proof=[*proof, b"\x00" * 32])
    assert old == new or not extends(old=old, new=new, **(roots | {"old_root": b"\x00" * 32}), proof=proof)
    assert old == new or not extends(old=old, new=new, **(roots | {"new_root": b"\x00" * 32}), proof=proof)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 2999])
def test_a_tree_read_from_its_tiles_goes_on_as_if_it_had_never_stopped(size: int) -> None:
    again, frontier = Tree.read(size, GROWN.tiles), Frontier.read(size, GROWN.tiles)
    assert again.root() == frontier.root() == naive_root(SOME[:size])
    again.append(b"".join(SOME[size:]))
    for leaf in SOME[size:]:
        frontier.append(leaf)
    assert again.root() == frontier.root() == naive_root(SOME)


def test_a_large_tree_has_tiles_of_three_levels() -> None:
    leaves = many(66000)
    grown = Grown(leaves, (40000, 1))
    assert {level for level, _ in grown.stored} == {0, 1, 2}
    assert grown.tree.root() == naive_root(leaves)
    for position in (0, 255, 65535, 65536, 65999):
        used: set[merkle.Place] = set()

        def tiles(level: int, number: int, used: set[merkle.Place] = used) -> bytes:
            used.add((level, number))
            return grown.tiles(level, number)

        proof = inclusion_proof(tiles, position, 66000)
        assert compute_root(leaves[position], position=position, size=66000, proof=proof) == grown.tree.root()
        assert used <= merkle.places_for(position, 66000)


def test_every_place_that_a_proof_reads_is_named_beforehand() -> None:
    for size in (1, 2, 255, 256, 257, 600, 2816, 3000):
        for position in range(0, size, 7):
            used: set[merkle.Place] = set()

            def tiles(level: int, number: int, used: set[merkle.Place] = used) -> bytes:
                used.add((level, number))
                return GROWN.tiles(level, number)

            inclusion_proof(tiles, position, size)
            assert used <= merkle.places_for(position, size)


def test_a_tile_that_is_too_short_is_no_proof() -> None:
    def cut(level: int, number: int) -> bytes:
        return GROWN.tiles(level, number)[:-32]

    with pytest.raises(LookupError, match="too few hashes"):
        inclusion_proof(cut, 0, 3000)


@pytest.mark.parametrize(("position", "size"), [(0, 0), (-1, 3), (3, 3)])
def test_a_place_outside_the_tree_has_no_proof(position: int, size: int) -> None:
    with pytest.raises(ValueError, match="There is no leaf"):
        inclusion_proof(GROWN.tiles, position, size)
    assert compute_root(SOME[0], position=position, size=size, proof=[]) is None


def test_a_tree_does_not_extend_a_larger_one() -> None:
    with pytest.raises(ValueError, match="does not extend"):
        consistency_proof(GROWN.tiles, 5, 4)
    assert not extends(old=5, new=4, old_root=naive_root(SOME[:5]), new_root=naive_root(SOME[:4]), proof=[])
