"""Legal holds: what two members of staff keep from being deleted. The database carries them out: `sql/holds.sql`.

Policy  #U8
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth.records import journal
from troth.records.acting import session_token
from troth.records.calls import rows


@dataclass(frozen=True)
class HoldInForce:
    """A hold on someone's data. `kinds` empty: all of it. `secret_until_utc`: nobody may tell them before."""

    case: UUID
    person: UUID
    kinds: tuple[str, ...]
    since_utc: datetime
    secret_until_utc: datetime | None

    def may_be_told(self, at_utc: datetime) -> bool:
        """Whether no order forbids telling the person of it."""
        return self.secret_until_utc is None or self.secret_until_utc <= at_utc


def place(case: UUID, *, who: str) -> int:
    """Puts the hold of the case into force and returns on how many people's data.

    Raises  Refusal: fewer than two approvals before, case not open."""
    return int(rows("select hold_place(%s, %s, %s)", [case, who, session_token()])[0][0])


def end(case: UUID, *, who: str) -> Mapping[UUID, str]:
    """Ends the hold. Gives each person who was to be erased meanwhile → what happened, as `rights.erase`.

    Raises  Refusal: not in force."""
    found = rows("select person, became, entry, kept from hold_end(%s, %s, %s)", [case, who, session_token()])
    for person, became, entry, kept in found:
        journal.keep_erasure(person, became, entry=entry, who=who, kept=kept)
    return {person: became for person, became, _entry, _kept in found}


def tell() -> int:
    """Tells people in their history of holds whose secrecy is over; gives how many entries, some at a time."""
    return int(rows("select hold_tell()")[0][0])


def list_holds(people: Iterable[UUID]) -> list[HoldInForce]:
    """The holds in force on these people's data, the oldest first.   Cost  1 query."""
    found = rows(
        "select case_id, person_id, kinds, since_utc, secret_until_utc from legal_hold"
        " where person_id = any (%s) and until_utc is null order by since_utc, id",
        [[*people]],
    )
    return [HoldInForce(case, person, tuple(kinds), since, secret) for case, person, kinds, since, secret in found]
