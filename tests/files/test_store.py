"""The store by itself: whole files or none, in the memory of a part; what was changed is not read."""

import os
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from troth.files import PART_BYTES, Attached, Disk, NoSuchFile, WrittenFile, describe, new_key, pack, unpack
from troth.seal import CannotOpen

SIZES = [0, 1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES]


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "files")


def put(disk: Disk, content: bytes, *, key: bytes) -> tuple[UUID, WrittenFile]:
    id = uuid4()
    writing = disk.begin(id, key)
    writing.write(content)
    written = writing.finish()
    disk.settle(id)
    return id, written


@pytest.mark.parametrize("size", SIZES)
def test_what_is_read_is_what_was_written_and_the_disk_has_none_of_it(disk: Disk, size: int) -> None:
    content, key = os.urandom(size), new_key()
    id, written = put(disk, content, key=key)
    assert b"".join(disk.read(id, key)) == content
    at_rest = disk.place(id).read_bytes()
    assert (written.size, written.stored) == (size, len(at_rest))
    assert disk.verify(id, digest=written.digest)
    assert disk.holds(id, stored=written.stored)
    assert size < 32 or content[:32] not in at_rest
    assert disk.place(id).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("harm", ["a bit", "cut off", "a part cut off", "parts swapped", "another key", "another file"])
def test_a_file_that_is_not_what_was_written_is_not_read(disk: Disk, harm: str) -> None:
    content, key = os.urandom(3 * PART_BYTES), new_key()
    id, written = put(disk, content, key=key)
    place, sealed = disk.place(id), disk.place(id).read_bytes()
    part = PART_BYTES + 16
    match harm:
        case "a bit":
            place.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
        case "cut off":
            place.write_bytes(sealed[:-5])
        case "a part cut off":
            place.write_bytes(sealed[: 1 + 2 * part])
        case "parts swapped":
            place.write_bytes(
                sealed[:1] + sealed[1 + part : 1 + 2 * part] + sealed[1 : 1 + part] + sealed[1 + 2 * part :]
            )
        case "another key":
            key = new_key()
        case "another file":
            id, _ = uuid4(), place.rename(place)
            disk.place(id).parent.mkdir(exist_ok=True)
            disk.place(id).write_bytes(sealed)
    with pytest.raises(CannotOpen):
        b"".join(disk.read(id, key))
    if harm not in ("another key", "another file"):
        assert not disk.verify(id, digest=written.digest)


def test_a_file_that_nobody_settles_is_never_in_its_place(disk: Disk) -> None:
    key, id = new_key(), uuid4()
    writing = disk.begin(id, key)
    writing.write(b"x" * 10)
    writing.finish()
    with pytest.raises(NoSuchFile):
        disk.read(id, key)
    assert [each.id for each in disk.arriving()] == [id]
    writing.discard()
    writing.discard()
    assert not list(disk.arriving())
    with pytest.raises(NoSuchFile):
        disk.settle(id)


def test_settled_files_are_listed_and_deleted(disk: Disk) -> None:
    ids = {put(disk, b"x", key=new_key())[0] for _ in range(5)}
    (disk.folder / "notes.txt").write_text("not ours")
    listed = list(disk.files())
    assert {each.id for each in listed} == ids
    assert all(datetime.now(UTC) - each.since_utc < timedelta(minutes=1) for each in listed)
    gone = ids.pop()
    disk.delete(gone)
    disk.delete(gone)
    assert {each.id for each in disk.files()} == ids


def test_a_hundred_megabytes_need_the_memory_of_a_few_parts(disk: Disk) -> None:
    key, id, part = new_key(), uuid4(), os.urandom(PART_BYTES)
    writing = disk.begin(id, key)
    tracemalloc.start()
    for _ in range(100_000_000 // PART_BYTES):
        writing.write(part)
    writing.finish()
    disk.settle(id)
    assert sum(map(len, disk.read(id, key))) == 100_000_000 // PART_BYTES * PART_BYTES
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000


def test_what_is_said_of_a_value_opens_nothing_and_is_the_same_each_time() -> None:
    one, other = (
        Attached("pump.log", "text/plain", 3, "ab" * 32, str(uuid4()), new_key().hex(), 20, "cd" * 32) for _ in range(2)
    )
    assert unpack(pack([one])) == (one,)
    assert describe(pack([one])) == describe(pack([other]))
    assert not {one.key, one.id} & set(describe(pack([one])).split('"'))
    assert unpack("") == ()
