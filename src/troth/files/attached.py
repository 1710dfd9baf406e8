"""The sealed value of type file: each file's name, kind, size and hash, and the key that opens it.

`pack` is the value as it is sealed. `said` is what of it may be shown, sent and compared: nothing that opens a file.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from troth.files.disk import of_site
from troth.files.stream import WrittenFile

_OPENING = ("id", "key", "stored", "digest")


@dataclass(frozen=True)
class Attached:
    """One file. `sha256`: of its content; `stored`, `digest`: size and SHA-256 of the encrypted file; `key`: in hex."""

    name: str
    media: str
    size: int
    sha256: str
    id: str
    key: str
    stored: int
    digest: str

    @classmethod
    def of(cls, written: WrittenFile, *, id: UUID, key: bytes, name: str, media: str) -> "Attached":
        """What to keep of a file that was written under this id with this key."""
        return cls(name, media, written.size, written.sha256, str(id), key.hex(), written.stored, written.digest)

    @property
    def file(self) -> UUID:
        return UUID(self.id)

    def parts(self) -> Iterator[bytes]:
        """Its content, out of the store of this site. Raises NoSuchFile at once."""
        return of_site().read(self.file, bytes.fromhex(self.key))


def pack(files: Sequence[Attached]) -> str:
    return json.dumps([asdict(each) for each in files], ensure_ascii=False)


def unpack(value: str) -> tuple[Attached, ...]:
    """The files of a value that `pack` wrote."""
    return tuple(Attached(**each) for each in json.loads(value)) if value else ()


def describe(value: str) -> str:
    """The same for the same files, whenever and however often they are sent: names, kinds, sizes and hashes as JSON."""
    shown = [{name: it for name, it in asdict(each).items() if name not in _OPENING} for each in unpack(value)]
    return json.dumps(shown, ensure_ascii=False)
