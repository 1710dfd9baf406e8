"""Organizations: members, their roles, and who decides about them.

The table of organizations contains nothing personal; memberships are personal. The database's functions check
whether the acting person may do it: each raises Refusal with a code of `organizations.sql`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from troth.addresses import comparable_domain
from troth.queries import Part
from troth.records.calls import rows
from troth.records.ids import new_id
from troth.seal import vault


@dataclass(frozen=True)
class OwnMembership:
    """A member's organization and role: admin, member or viewer."""

    organization: UUID
    name: str
    role: str
    since_utc: datetime


@dataclass(frozen=True)
class Member:
    person: UUID
    role: str
    since_utc: datetime


@dataclass(frozen=True)
class KnownOrganization:
    """The organization of an email domain. `led`: it has an administrator who can accept others."""

    organization: UUID
    name: str
    led: bool


@dataclass(frozen=True)
class Shared:
    """A submission that a member shares with colleagues."""

    fact: UUID
    by_person: UUID
    since_utc: datetime


def enroll(
    *, person: UUID, name: str, domain: str, industry: str = "", country: str = "", state: str = "", at_utc: datetime
) -> UUID:
    """The organization of an email domain, created if new, with the person as contact and an entry in their history.

    Cost    1 statement in the caller's transaction; enrolling again changes nothing.
    Raises  Refusal: an erased or unknown person."""
    return _uuid(
        "select enroll(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [person, new_id(), new_id(), name, _index(domain), industry, country, state, at_utc],
    )


class MembershipOf:
    """Whether someone is a member, as a query among others."""

    @staticmethod
    def part(*, person: UUID) -> Part:
        return "select id from organization_of(%s)", [person]


def of(person: UUID) -> OwnMembership | None:
    found = rows("select id, name, role, since_utc from organization_of(%s)", [person])
    return OwnMembership(*found[0]) if found else None


def members(by: UUID) -> list[Member]:
    """The members of the organization of `by`: administrators, members, viewers; nobody for others."""
    return [Member(*row) for row in rows("select person, role, since_utc from organization_members(%s)", [by])]


def administrators(organization: UUID) -> list[UUID]:
    return [row[0] for row in rows("select organization_admins(%s)", [organization])]


def at_domain(domain: str) -> KnownOrganization | None:
    found = rows("select id, name, led from organization_at(%s)", [_index(domain)])
    return KnownOrganization(*found[0]) if found else None


def create(person: UUID, *, name: str, domain: str) -> UUID:
    """Creates an organization with `person` as administrator. `domain` is one the person has proven, or ""."""
    index = _index(domain) if domain else None
    return _uuid("select organization_found(%s, %s, %s, %s, %s)", [person, new_id(), new_id(), name, index])


def ask(person: UUID, organization: UUID, *, domain: str) -> UUID:
    """The request to join; the existing one if it is still open."""
    values = [person, organization, _index(domain), new_id(), new_id()]
    return _uuid("select organization_ask(%s, %s, %s, %s, %s)", values)


def withdraw(person: UUID, cause: UUID) -> None:
    rows("select organization_withdraw(%s, %s)", [person, cause])


def decide(by: UUID, cause: UUID, *, yes: bool, role: str) -> UUID:
    """The person who had asked to join."""
    return _uuid("select organization_decide(%s, %s, %s, %s, %s)", [by, cause, yes, role, new_id()])


def invite(by: UUID, organization: UUID, *, invitation: UUID, person: UUID, role: str, lasting: timedelta) -> None:
    """`person` is made of the address alone that `by` gave."""
    rows(
        "select organization_invite(%s, %s, %s, %s, %s, %s, %s)",
        [by, organization, invitation, person, role, lasting, new_id()],
    )


def answer(person: UUID, invitation: UUID, *, yes: bool) -> UUID:
    """The organization of the invitation that `person`, an account's own, accepts or declines."""
    return _uuid("select organization_answer(%s, %s, %s, %s, %s)", [person, invitation, yes, new_id(), new_id()])


def uninvite(by: UUID, invitation: UUID) -> None:
    rows("select organization_uninvite(%s, %s, %s)", [by, invitation, new_id()])


def expire(*, at_utc: datetime, most: int = 100) -> int:
    """How many invitations expired; their addresses are deleted."""
    ((number,),) = rows("select organization_expire(%s, %s)", [at_utc, [new_id() for _each in range(most)]])
    return int(number)


def set_role(by: UUID, person: UUID, role: str) -> None:
    rows("select organization_role(%s, %s, %s, %s)", [by, person, role, new_id()])


def leave(by: UUID, person: UUID) -> UUID:
    """The organization that `person` left, or was removed from by an administrator."""
    return _uuid("select organization_leave(%s, %s, %s)", [by, person, new_id()])


def share(by: UUID, fact: UUID, *, yes: bool) -> None:
    rows("select organization_share(%s, %s, %s, %s)", [by, fact, yes, new_id()])


def list_shared(by: UUID) -> list[Shared]:
    """What `by` and their colleagues share, newest first."""
    return [Shared(*row) for row in rows("select fact, by_person, since_utc from organization_shared(%s)", [by])]


def _index(domain: str) -> bytes:
    return vault().blind_index("domain", comparable_domain(domain))


def _uuid(sql: str, values: list[Any]) -> UUID:
    ((found,),) = rows(sql, values)
    return UUID(str(found))
