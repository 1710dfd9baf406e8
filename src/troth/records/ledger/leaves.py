"""What the ledger's leaves commit to, byte by byte.

    leaf = SHA-256(0x00 ‖ salt ‖ JSON array of the entry's columns)

The array is formatted like PostgreSQL's jsonb: UTF-8, a space after each comma. The zero byte makes it the leaf hash
of RFC 6962 over “salt ‖ array”, so the leaf goes into the tree as it is. See docs/ledger.md for worked examples.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

_STAMP = "%Y-%m-%dT%H:%M:%S.%fZ"


class Body(NamedTuple):
    """The columns of one entry, in the order in which they are committed to, and what is kept beside them."""

    person: UUID
    id: UUID
    kind: str
    at_utc: datetime
    purpose: str
    section: str
    version: int
    who: str
    reason: str
    kinds: tuple[str, ...]
    recipient: str
    cause: UUID | None
    payload_text: str
    expires_utc: datetime | None
    transaction: int
    salt: bytes = b""
    leaf: bytes = b""

    def leaf_with(self, salt: bytes) -> bytes:
        """The leaf of this entry, as entries are written now."""
        return _hash(salt, ["troth entry 2", *self._columns, self.transaction])

    def has_leaf(self, leaf: bytes, salt: bytes) -> bool:
        """Whether `leaf` belongs to this entry, in the current format or in the first one, which had no transaction."""
        return leaf == self.leaf_with(salt) or leaf == _hash(salt, ["troth entry 1", *self._columns])

    def digest_rest(self, leaf: bytes) -> bytes:
        """The digest of what is left of an erased entry; the `erased` entry commits to the digest of these digests."""
        parts = [
            "troth erased 1",
            *self._head,
            self.who,
            list(self.kinds),
            self.recipient,
            _text(self.cause),
            stamp(self.expires_utc),
            self.transaction,
            leaf.hex(),
        ]
        return hashlib.sha256(write_parts(parts)).digest()

    @property
    def _head(self) -> list[Any]:
        return [str(self.person), str(self.id), self.kind, stamp(self.at_utc), self.purpose, self.section, self.version]

    @property
    def _columns(self) -> list[Any]:
        return [
            *self._head,
            self.who,
            self.reason,
            list(self.kinds),
            self.recipient,
            _text(self.cause),
            self.payload_text,
            stamp(self.expires_utc),
        ]


def digest_left(lefts: Iterable[bytes]) -> str:
    """What the payload of an `erased` entry says in `left`: over the person's erased entries, ordered by their id."""
    return hashlib.sha256(b"".join(lefts)).hexdigest()


def write_parts(parts: Sequence[Any]) -> bytes:
    return json.dumps(parts, ensure_ascii=False).encode()


def stamp(moment: datetime | None) -> str | None:
    """For example 2026-03-01T09:30:00.000000Z."""
    return moment.astimezone(UTC).strftime(_STAMP) if moment else None


def read_stamp(text: str) -> datetime:
    return datetime.strptime(text, _STAMP).replace(tzinfo=UTC)


def _hash(salt: bytes, parts: Sequence[Any]) -> bytes:
    return hashlib.sha256(b"\x00" + salt + write_parts(parts)).digest()


def _text(id: UUID | None) -> str | None:
    return str(id) if id else None
