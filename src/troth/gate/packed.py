"""Ids of many people in one run of bytes, 16 each: none of them becomes an object only to be written again."""

from collections.abc import Iterable, Iterator
from uuid import UUID

ID_BYTES = 16


def pack(people: Iterable[UUID]) -> bytes:
    """16 bytes each, in their order."""
    return b"".join(person.bytes for person in people)


def unpack(people: bytes) -> Iterator[UUID]:
    """The ids one by one."""
    for start in range(0, len(people), ID_BYTES):
        yield UUID(bytes=people[start : start + ID_BYTES])


def write_ids(people: bytes) -> str:
    """As the database reads an array of them."""
    digits, each = people.hex(), 2 * ID_BYTES
    return f"{{{','.join(digits[at : at + each] for at in range(0, len(digits), each))}}}"
