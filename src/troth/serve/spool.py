"""A body with files while it arrives: on the disk, encrypted with a key that only this process has in memory.

The file has no name from the beginning, so it goes with the process, and nobody else can open it.
"""

import io
import tempfile
from collections.abc import Iterator

from troth.files.stream import Encryption, decrypt, new_key

_BOUND = "spool"


class Spool:
    """Written as the body comes, then read once from the beginning."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)
        self._key = new_key()
        self._sealed = Encryption(self._file, self._key, _BOUND)
        self.size = 0

    def write(self, part: bytes) -> None:
        self._sealed.write(part)
        self.size += len(part)

    def reader(self) -> io.BufferedReader:
        """The whole body, from its first byte."""
        self._sealed.finish()
        self._file.seek(0)
        return io.BufferedReader(_Parts(decrypt(self._file, self._key, _BOUND)))

    def close(self) -> None:
        self._file.close()


class _Parts(io.RawIOBase):
    """Parts as a file to read."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts, self._left = parts, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, into: "bytearray | memoryview", /) -> int:  # type: ignore[override]
        if not self._left:
            self._left = memoryview(next(self._parts, b""))
        count = min(len(into), len(self._left))
        into[:count] = self._left[:count]
        self._left = self._left[count:]
        return count
