"""The store as a folder: files/3f/0190…3f, two last digits of the id as a folder, readable by its user alone."""

import functools
import hashlib
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from troth.files.store import FileStore, ListedFile, NoSuchFile
from troth.files.stream import PART_BYTES, DecryptedFile, Encryption, WrittenFile, decrypt

ARRIVING = "arriving"


@dataclass
class Arrival:
    """A file that is being written beside its place."""

    path: Path
    out: BinaryIO
    sealed: Encryption

    def write(self, data: bytes) -> None:
        self.sealed.write(data)

    def finish(self) -> WrittenFile:
        written = self.sealed.finish()
        self.out.flush()
        os.fsync(self.out.fileno())
        self.out.close()
        return written

    def look(self, written: WrittenFile) -> BinaryIO:
        reading = DecryptedFile(self.path.open("rb"), self.sealed.key, self.sealed.bound_to, size=written.size)
        return io.BufferedReader(reading, PART_BYTES)

    def discard(self) -> None:
        self.out.close()
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Disk:
    """The adapter for a folder of this machine."""

    folder: Path

    def begin(self, id: UUID, key: bytes) -> Arrival:
        path = self.folder / ARRIVING / str(id)
        _make_folder(path.parent)
        out = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        return Arrival(path, out, Encryption(out, key, _bind(id)))

    def settle(self, *ids: UUID) -> None:
        places = {id: self.place(id) for id in ids}
        folders = {place.parent for place in places.values()}
        for folder in folders:
            _make_folder(folder)
        for id, place in places.items():
            try:
                os.replace(self.folder / ARRIVING / str(id), place)
            except FileNotFoundError as error:
                raise NoSuchFile(f"No file {id} has arrived.") from error
        for folder in folders:  # after all were moved: the disk then writes most of it once
            _sync(folder)

    def read(self, id: UUID, key: bytes) -> Iterator[bytes]:
        place = self.place(id)
        if not place.is_file():
            raise NoSuchFile(f"There is no file {id}.")
        return _parts(place, key, _bind(id))

    def delete(self, id: UUID) -> None:
        for path in (self.place(id), self.folder / ARRIVING / str(id)):
            path.unlink(missing_ok=True)

    def files(self) -> Iterator[ListedFile]:
        for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            yield from _list(folder)

    def arriving(self) -> Iterator[ListedFile]:
        return _list(self.folder / ARRIVING)

    def holds(self, id: UUID, *, stored: int) -> bool:
        with suppress(FileNotFoundError):
            return self.place(id).stat().st_size == stored
        return False

    def verify(self, id: UUID, *, digest: str) -> bool:
        with suppress(FileNotFoundError), self.place(id).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
        return False

    def free_bytes(self) -> int:
        _make_folder(self.folder)
        return shutil.disk_usage(self.folder).free

    def place(self, id: UUID) -> Path:
        """Where the file lies. Ids begin with their time, so their ends spread them over the folders."""
        return self.folder / id.hex[-2:] / str(id)


def of_site() -> FileStore:
    """The store of this site."""
    return _at(settings.TROTH_FILES)


@functools.cache
def _at(folder: Path) -> Disk:
    return Disk(folder)


def _parts(place: Path, key: bytes, bound_to: str) -> Iterator[bytes]:
    """The file is opened with the first part, so that an answer that nobody reads leaves none open."""
    with place.open("rb") as opened:
        yield from decrypt(opened, key, bound_to)


def _list(folder: Path) -> Iterator[ListedFile]:
    with suppress(FileNotFoundError), os.scandir(folder) as found:
        for each in found:
            with suppress(ValueError, FileNotFoundError):  # what is not named by an id is not our own
                stat = each.stat()
                yield ListedFile(UUID(each.name), stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    """The name lasts as the content does."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _bind(id: UUID) -> str:
    return f"file|{id}"
