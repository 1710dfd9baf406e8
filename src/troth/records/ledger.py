"""The ledger: entries as they are read back, and the facts that rooms note in it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from troth.records.calls import rows
from troth.records.ids import new_id


@dataclass(frozen=True)
class Entry:
    """One ledger entry. `body` is what `leaf` commits to, behind a zero byte and the salt."""

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
    request: UUID | None
    payload: Mapping[str, Any]
    payload_text: str
    expires_utc: datetime | None
    salt: bytes
    leaf: bytes

    @property
    def recipient_name(self) -> str:
        return str(self.payload.get("name", "")) or self.recipient.partition(":")[2]

    def leaf_again(self) -> bytes:
        """The leaf computed from this entry: equal to `leaf` unless something was changed or erased."""
        body = [
            "troth entry 1", str(self.person), str(self.id), self.kind, _stamp(self.at_utc), self.purpose, self.section,
            self.version, self.who, self.reason, list(self.kinds), self.recipient,
            str(self.request) if self.request else None, self.payload_text, _stamp(self.expires_utc),
        ]  # fmt: skip
        return hashlib.sha256(b"\x00" + self.salt + json.dumps(body, ensure_ascii=False).encode()).digest()


def history(person: UUID) -> list[Entry]:
    """All entries of a person, newest first: ids and codes, never values."""
    found = rows(
        "select person_id, id, kind, at_utc, purpose, section, version, who, reason, kinds, recipient, request,"
        " payload::text, expires_utc, salt, leaf from history(%s)",
        [person],
    )
    return [_entry(row) for row in found]


def note(
    *,
    person: UUID,
    kind: str,
    purpose: str,
    who: str,
    reason: str = "",
    request: UUID | None = None,
    payload: Mapping[str, Any] | None = None,
) -> UUID:
    """The id of a new entry for a fact that carries no value: notified, held back, requested, signed in."""
    entry = new_id()
    rows(
        "select note(%s, %s, %s, %s, %s, %s, %s, %s::jsonb)",
        [person, entry, kind, purpose, who, reason, request, json.dumps(payload or {})],
    )
    return entry


def _entry(row: tuple[Any, ...]) -> Entry:
    person, id, kind, at, purpose, section, version, who, reason, kinds, recipient, request, text, *rest = row
    expires, salt, leaf = rest
    return Entry(
        person=person,
        id=id,
        kind=kind,
        at_utc=at,
        purpose=purpose,
        section=section,
        version=version,
        who=who,
        reason=reason,
        kinds=tuple(kinds),
        recipient=recipient,
        request=request,
        payload=json.loads(text),
        payload_text=text,
        expires_utc=expires,
        salt=bytes(salt or b""),
        leaf=bytes(leaf),
    )


def _stamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment else None
