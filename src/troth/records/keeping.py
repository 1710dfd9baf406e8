"""Storing data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth.addresses import comparable
from troth.policy import Kind
from troth.records import finding
from troth.records.acting import session_token
from troth.records.calls import rows
from troth.records.filing import keep_files
from troth.records.ids import new_id
from troth.records.law.versions import policy, policy_at
from troth.records.types import type_of
from troth.seal import CannotOpen, vault

EXPIRED_AT_ONCE = 1_000


@dataclass(frozen=True)
class Provenance:
    """Where values come from. `version` 0 means: under a version that nobody knows (imports)."""

    channel: str
    version: int
    at_utc: datetime
    way: str
    evidence: str = ""


@dataclass(frozen=True)
class KeptRequest:
    """Whose data was kept, its entry, and each datum's id by its kind. `wrapped`: the person's key, as it is stored."""

    person: UUID
    entry: UUID
    data: Mapping[str, UUID]
    wrapped: bytes


def keep(
    *,
    values: Mapping[str, str],
    provenance: Provenance,
    who: str = "person",
    person: UUID | None = None,
    cause: UUID | None = None,
) -> KeptRequest:
    """Keep `values` (kind → normalized value) as data of a new person, or of `person`, with their ledger entry.

    Takes   kinds that the provenance's version lets its channel collect; no empty values.
    Cost    1 statement in the caller's transaction (2 for a known person), and 1 a file.
    Raises  Refusal: undeclared kind, unknown version, erased person.   Policy  every heading of § Data collection."""
    known = policy_at(provenance.version) if provenance.version else policy()
    subject, entry = person or new_id(), new_id()
    wrapped = _read_wrapped_key(subject) if person else vault().new_wrapped_key(subject)
    data = [_datum(known.kinds.get(kind), kind, value, subject, wrapped) for kind, value in values.items()]
    rows(
        "select keep(%s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            subject,
            None if person else wrapped,
            json.dumps(data),
            provenance.channel,
            provenance.version,
            provenance.way,
            provenance.evidence,
            provenance.at_utc,
            cause,
            entry,
            who,
            session_token(),
        ],
    )
    finding.mark(subject, [(UUID(each["id"]), known.kinds[each["kind"]], values[each["kind"]]) for each in data])
    for datum in data:
        files = type_of(known.kinds[datum["kind"]].type).files(values[datum["kind"]])
        keep_files(files, person=subject, datum=UUID(datum["id"]), at_utc=provenance.at_utc)
    return KeptRequest(subject, entry, {datum["kind"]: UUID(datum["id"]) for datum in data}, wrapped)


def hide_for(person: UUID, use: str, secret: bytes, *, wrapped: bytes) -> bytes:
    """A secret of the program, sealed by the person's key: nobody can read it once the person is erased.

    Takes   wrapped: the key as `KeptRequest` has it, where the caller knows it."""
    return vault().seal(wrapped or _read_wrapped_key(person), person, use, secret.hex())


def show_for(person: UUID, use: str, hidden: bytes) -> bytes:
    """What `hide_for` sealed.   Raises  CannotOpen: the person was erased, or it is another's."""
    wrapped = _read_wrapped_key(person)
    if not wrapped:
        raise CannotOpen("The person was erased, and their key with them.")
    return bytes.fromhex(vault().open(wrapped, person, use, hidden))


def expire(*, at_most: int = EXPIRED_AT_ONCE) -> int:
    """Deletes expired data and updates standings that are due, and returns the number of people.

    Raises  Refusal while the database's clock is behind what the ledger signed.   Policy  every "kept for"."""
    return int(rows("select let_go(%s)", [at_most])[0][0])


def address_index(address: str) -> bytes:
    """The index of an email address, the same for each spelling. Raises NoAddress."""
    return vault().blind_index("email", comparable(address))


def _read_wrapped_key(person: UUID) -> bytes:
    (found,) = rows("select person_key_of(%s)", [person])[0]
    return bytes(found or b"")


def _datum(kind: Kind | None, kind_id: str, value: str, person: UUID, wrapped: bytes) -> dict[str, str]:
    row = {"id": str(new_id()), "kind": kind_id}
    if kind is None or not wrapped:
        return row | {"clear": ""}  # The database refuses it, with its sentence.
    if kind.sensitivity == "describing":
        return row | {"clear": value}
    sealed = vault().seal(wrapped, person, kind_id, value).hex()
    index = vault().blind_index(kind_id, type_of(kind.type).comparable(value))
    return row | {"sealed": sealed, "index": index.hex()}
