"""The port of the file store: what the program needs from it. `disk` is the only adapter."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol
from uuid import UUID

from troth.files.stream import WrittenFile


class NoSuchFile(Exception):
    """The store has no such file."""


@dataclass(frozen=True)
class ListedFile:
    """One file of the store, as it lies there: encrypted."""

    id: UUID
    stored: int
    since_utc: datetime


class Writing(Protocol):
    """One file on its way in."""

    def write(self, data: bytes) -> object: ...

    def finish(self) -> WrittenFile:
        """Writes the file to disk; it isn't in its place yet."""

    def look(self, written: WrittenFile) -> BinaryIO:
        """The finished file, decrypted, to be read at any place and closed before it is settled."""

    def discard(self) -> None:
        """Deletes the file unless it was settled. Safe to repeat."""


class FileStore(Protocol):
    """A place that keeps encrypted files by their ids."""

    def begin(self, id: UUID, key: bytes) -> Writing: ...

    def settle(self, *ids: UUID) -> None:
        """Moves the files to their places, permanently once this returns. Raises NoSuchFile."""

    def read(self, id: UUID, key: bytes) -> Iterator[bytes]:
        """The parts, decrypted. Raises NoSuchFile at once, CannotOpen where they are not what was written."""

    def delete(self, id: UUID) -> None:
        """Gone. Safe to repeat."""

    def files(self) -> Iterator[ListedFile]:
        """All settled files."""

    def arriving(self) -> Iterator[ListedFile]:
        """Files that were started and not settled."""

    def holds(self, id: UUID, *, stored: int) -> bool:
        """Whether the file is there with this size."""

    def verify(self, id: UUID, *, digest: str) -> bool:
        """Whether every byte is as it was written. Cost  reading the file."""

    def free_bytes(self) -> int: ...
