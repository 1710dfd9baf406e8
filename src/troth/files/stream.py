"""A file encrypted part by part, so that any size needs the memory of one part.

    0x01 ‖ part ‖ part ‖ …      a part: AES-256-GCM over 65,536 bytes, the last one over what is left

The nonce of a part is its number and whether it is the last one: parts cannot be swapped, repeated or cut off. Each
file has a key of its own, so that no nonce meets its key twice.

Source  Hoang et al., Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, 2015 (STREAM)
"""

import hashlib
import io
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from troth.seal import CannotOpen

PART_BYTES = 64 * 1024
_FORMAT = b"\x01"
_TAG_BYTES = 16
_KEY_BYTES = 32


@dataclass(frozen=True)
class WrittenFile:
    """Size and SHA-256 of what was written; `stored` and `digest` are those of the encrypted file."""

    size: int
    sha256: str
    stored: int
    digest: str


def new_key() -> bytes:
    """The key of one file, never used for another."""
    return secrets.token_bytes(_KEY_BYTES)


class Encryption:
    """Takes bytes of any length and writes encrypted parts. `finish` writes the last one."""

    def __init__(self, out: BinaryIO, key: bytes, bound_to: str) -> None:
        self.key, self.bound_to = key, bound_to
        self._out, self._key, self._bound = out, AESGCM(key), bound_to.encode()
        self._waiting, self._number = bytearray(), 0
        self._plain, self._sealed = hashlib.sha256(), hashlib.sha256()
        self._size = self._stored = 0
        self._put(_FORMAT)

    def write(self, data: bytes) -> None:
        self._plain.update(data)
        self._size += len(data)
        self._waiting += data
        # A whole part waits until more comes: only the last one is marked, and it may be whole.
        while len(self._waiting) > PART_BYTES:
            self._part(bytes(self._waiting[:PART_BYTES]), last=False)
            del self._waiting[:PART_BYTES]

    def finish(self) -> WrittenFile:
        self._part(bytes(self._waiting), last=True)
        self._waiting.clear()
        return WrittenFile(self._size, self._plain.hexdigest(), self._stored, self._sealed.hexdigest())

    def _part(self, data: bytes, *, last: bool) -> None:
        self._put(self._key.encrypt(_nonce(self._number, last=last), data, self._bound))
        self._number += 1

    def _put(self, data: bytes) -> None:
        self._out.write(data)
        self._sealed.update(data)
        self._stored += len(data)


def decrypt(sealed: BinaryIO, key: bytes, bound_to: str) -> Iterator[bytes]:
    """The parts as they were written. Raises CannotOpen at the first one that is not what it was."""
    opener, bound = AESGCM(key), bound_to.encode()
    if sealed.read(len(_FORMAT)) != _FORMAT:
        raise CannotOpen("The file is in no format this version knows.")
    number, part = 0, sealed.read(PART_BYTES + _TAG_BYTES)
    while part:
        after = sealed.read(PART_BYTES + _TAG_BYTES)
        try:
            yield opener.decrypt(_nonce(number, last=not after), part, bound)
        except InvalidTag as error:
            raise CannotOpen("The file was changed, cut off, or encrypted with another key.") from error
        number, part = number + 1, after
    if not number:
        raise CannotOpen("The file was cut off.")


class DecryptedFile(io.RawIOBase):
    """A whole encrypted file to be read at any place, one part of it in memory."""

    def __init__(self, sealed: BinaryIO, key: bytes, bound_to: str, *, size: int) -> None:
        super().__init__()
        self._sealed, self._key, self._bound = sealed, AESGCM(key), bound_to.encode()
        self._size, self._at, self._number, self._part = size, 0, -1, b""
        self._last = max(0, -(-size // PART_BYTES) - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        number, within = divmod(self._at, PART_BYTES)
        found = self._open(number)[within : within + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        self._sealed.close()
        super().close()

    def _open(self, number: int) -> bytes:
        """Raises CannotOpen."""
        if number != self._number:
            self._sealed.seek(len(_FORMAT) + number * (PART_BYTES + _TAG_BYTES))
            part = self._sealed.read(PART_BYTES + _TAG_BYTES)
            try:
                self._part = self._key.decrypt(_nonce(number, last=number == self._last), part, self._bound)
            except InvalidTag as error:
                raise CannotOpen("The file was changed, cut off, or encrypted with another key.") from error
            self._number = number
        return self._part


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
