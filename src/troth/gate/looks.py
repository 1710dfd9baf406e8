"""Looks: values that a page shows, read with one grant while someone reloads the page or turns to the next one.

Each grant is one entry in the person's history. A look place stores its id where only one session, one mailed link or
one other keeper finds it, so that the pages of one visit don't fill the history.
"""

from collections.abc import Collection, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

import orjson

from troth.gate import door
from troth.gate.data import read_data
from troth.gate.door import Given, Grant, GrantRefused, Refused
from troth.queries import write_array
from troth.records.acting import session_token
from troth.records.calls import Refusal, rows
from troth.records.ids import new_id
from troth.seal import token_hash

_LOOKS, MOST_LOOKS = "looks", 200


class LookPlace(Protocol):
    """Where the grant of the last look is stored."""

    def find(self) -> UUID | None:
        """The grant that is stored here, open or expired."""

    def store(self, grant: UUID) -> None:
        """Keeps this grant in place of the one before it."""


class DividedPlace(LookPlace, Protocol):
    """A place for a page that shows data of several people."""

    def find_place(self, number: int) -> "LookPlace":
        """A place of its own for each further person whose data the same page shows; itself for the first, 0."""


@dataclass(frozen=True)
class SessionLook:
    """One look of a session, under a name that says what is read. The session keeps its latest 200."""

    session: MutableMapping[str, Any]
    name: str

    def find(self) -> UUID | None:
        stored = self._list().get(self.name)
        return UUID(stored) if stored else None

    def store(self, grant: UUID) -> None:
        others = [(name, id) for name, id in self._list().items() if name != self.name]
        # Assigned, not changed in place: a Django session saves only what is assigned.
        self.session[_LOOKS] = dict([*others[1 - MOST_LOOKS :], (self.name, str(grant))])

    def find_place(self, number: int) -> "SessionLook":
        return replace(self, name=f"{self.name} {number}") if number else self

    def _list(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self.session.get(_LOOKS, {})
        return found


def forget_looks(session: MutableMapping[str, Any]) -> None:
    """The session's next page asks for new grants: those that are open name only what was held before."""
    session.pop(_LOOKS, None)


def look(
    *,
    person: UUID,
    purpose: str,
    kinds: Sequence[str],
    who: str,
    reason: str,
    place: LookPlace | None = None,
    cause: UUID | None = None,
    lasting: timedelta = door.LASTING,
) -> Given | Refused:
    """The values, read with the place's grant while it is valid, else with a new one that the place then keeps.

    Cost    1 query while the grant is valid, else 1 more with its commit.
    Raises  InsideTransaction when a new grant is needed inside a transaction; GrantRefused when
            someone opted out before it was read."""
    if place and (given := _read_again(place, Grant(new_id(), person, purpose, tuple(kinds), cause, {}))):
        return given
    door.refuse_inside_transaction()
    found = _read_newly(person, purpose, kinds, who, reason, cause, lasting)
    if place and isinstance(found, Given):
        place.store(found.grant.id)
    return found


def _read_again(place: LookPlace, asked: Grant) -> Given | None:
    grant = _find_grant(place, asked)
    try:
        return door.read(grant) if grant else None
    except GrantRefused:
        return None  # The grant has expired: this is another look.


def look_again(
    *, place: LookPlace, person: UUID, purpose: str, kinds: Sequence[str], cause: UUID | None = None
) -> Given | None:
    """The values by the place's last look, while its grant is open; never with a new one."""
    return _read_again(place, Grant(new_id(), person, purpose, tuple(kinds), cause, {}))


def look_at_data(
    *, place: LookPlace, person: UUID, purpose: str, kinds: Sequence[str], data: Collection[UUID], who: str, reason: str
) -> Mapping[UUID, str]:
    """As `look`, datum by datum: datum → value, with a new grant if the place's own doesn't open all of `data`."""
    asked = Grant(new_id(), person, purpose, tuple(kinds), None, {})
    opened = _read_data_again(place, asked, data)
    if opened is not None and len(opened) == len(set(data)):
        return opened
    given = door.grant(person=person, purpose=purpose, kinds=kinds, who=who, reason=reason)
    if isinstance(given, Refused):
        return {}
    place.store(given.id)
    return read_data(given, data)


def look_at_data_again(
    *, place: LookPlace, person: UUID, purpose: str, kinds: Sequence[str], data: Collection[UUID]
) -> Mapping[UUID, str] | None:
    """As `look_at_data` by the place's last look, while its grant is open; never with a new one."""
    return _read_data_again(place, Grant(new_id(), person, purpose, tuple(kinds), None, {}), data)


def _read_data_again(place: LookPlace, asked: Grant, data: Collection[UUID]) -> Mapping[UUID, str] | None:
    grant = _find_grant(place, asked)
    try:
        return read_data(grant, data) if grant else None
    except GrantRefused:
        return None


def _find_grant(place: LookPlace, asked: Grant) -> Grant | None:
    """The place's grant for what is asked now; the database checks that it is the same."""
    stored = place.find()
    return replace(asked, id=stored) if stored else None


def _read_newly(
    person: UUID, purpose: str, kinds: Sequence[str], who: str, reason: str, cause: UUID | None, lasting: timedelta
) -> Given | Refused:
    """Granted, committed and read in one round trip."""
    asked = Grant(new_id(), person, purpose, tuple(kinds), cause, {})
    opens = door.token(asked.id)
    try:
        ((answered, read),) = rows(
            "call look(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                person,
                asked.id,
                token_hash(opens),
                opens.encode(),
                purpose,
                write_array(kinds),
                who,
                reason,
                cause,
                lasting,
                session_token(),
            ],
        )
    except Refusal as refusal:
        door.record_refusal(asked, refusal)
        raise GrantRefused(refusal) from refusal
    granted = door.make_grant(asked, answered)
    if isinstance(granted, Refused):
        return granted
    return door.make_given(granted, _read_text(read))


def _read_text(read: str | None) -> Iterator[door.Row]:
    """The rows of what `look` read, from the one text that it gives."""
    for kind, sealed, clear, wrapped, request in orjson.loads(read) if read else ():
        yield (
            kind,
            sealed and bytes.fromhex(sealed),
            clear,
            wrapped and bytes.fromhex(wrapped),
            request and UUID(request),
        )
