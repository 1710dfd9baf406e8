"""Whose data an account has, and a person whom staff look up, found only by the exact address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth.access import story
from troth.cases.actions import PURPOSE
from troth.cases.models import Case
from troth.queries import PreparedQuery, Slot
from troth.records import ledger, organizations, profile
from troth.records.models import AccountPerson
from troth.security.models import User

MOST = 10
LINES = 10


@dataclass(frozen=True)
class KnownPerson:
    """One submission of someone, without any value: what was read is the caller's."""

    person: UUID
    since_utc: datetime | None
    lines: Sequence[story.StoryLine]
    cases: Sequence[Case]


_OF_USER = PreparedQuery(lambda: AccountPerson.objects.filter(user=Slot("user")).order_by("person"))
_PEOPLE, _MEMBERSHIP = "_own_people", "_own_membership"


def own_people(user: User) -> Sequence[AccountPerson]:
    """The people whom the account's owner has proven to be, oldest first.   Cost  1 query in each request"""
    if _PEOPLE not in vars(user):
        vars(user)[_PEOPLE] = _OF_USER.list(user=user.pk)
    found: Sequence[AccountPerson] = vars(user)[_PEOPLE]
    return found


def own_membership(user: User) -> organizations.OwnMembership | None:
    """The user's organization, if any.   Cost  1 query in each request"""
    if _MEMBERSHIP not in vars(user):
        vars(user)[_MEMBERSHIP] = organizations.of(user.person_id) if user.person_id else None
    found: organizations.OwnMembership | None = vars(user)[_MEMBERSHIP]
    return found


def at(address: str) -> list[UUID]:
    """People who gave the address, newest first, at most MOST."""
    return profile.people_at(address, most=MOST)


def find_known(person: UUID, *, with_cases: bool) -> KnownPerson:
    """Recent history and, for staff who work on requests, the person's requests."""
    lately, since = ledger.Past([person])[:LINES], ledger.find_start(ledger.outline([person]))
    cases = Case.objects.filter(person=person, purpose=PURPOSE).order_by("-received_utc")[:LINES]
    return KnownPerson(person, since, story.write_story(lately), list(cases) if with_cases else [])
