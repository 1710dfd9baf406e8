"""Whose data an account has, and a person whom staff look up, found only by the exact address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery

from troth.access import story
from troth.cases.actions import PURPOSE
from troth.cases.models import Case
from troth.queries import PreparedQuery, Slot
from troth.records import ledger, organizations, profile
from troth.records.models import AccountPerson
from troth.security import sessions
from troth.security.models import User
from troth.words.story import StoryLine

MOST = 10
LINES = 10
SHOWN = ("company", "need", "product", "edition", "users")
"""What colleagues see of a submission that is shared, where the policy lets the purpose use it."""


@dataclass(frozen=True)
class KnownPerson:
    """One submission of someone, without any value: what was read is the caller's."""

    person: UUID
    since_utc: datetime | None
    lines: Sequence[StoryLine]
    cases: Sequence[Case]


_OF_USER = PreparedQuery(lambda: AccountPerson.objects.filter(user=Slot("user")).order_by("person"))
PEOPLE, _MEMBERSHIP = "people", "membership"


def own_people(user: User) -> Sequence[UUID]:
    """The people whom the account's owner has proven to be, oldest first.

    Cost  none for who is signed in, else 1 query"""
    return sessions.find_beside(user, PEOPLE, otherwise=lambda: [each.person_id for each in list_own_people(user)])


def list_own_people(user: User) -> Sequence[AccountPerson]:
    """The same with the time since when.   Cost  1 query"""
    return _OF_USER.list(user=user.pk)


def read_people() -> Subquery:
    """As `own_people`, of a session's user."""
    return ArraySubquery(AccountPerson.objects.filter(user=OuterRef("user_id")).order_by("person").values("person"))


def own_membership(user: User) -> organizations.OwnMembership | None:
    """The user's organization, if any.   Cost  1 query in each request"""
    person = user.person_id
    return sessions.find_beside(user, _MEMBERSHIP, otherwise=lambda: organizations.of(person) if person else None)


def at(address: str) -> list[UUID]:
    """People who gave the address, newest first, at most MOST."""
    return profile.people_at(address, most=MOST)


def find_known(person: UUID, *, with_cases: bool) -> KnownPerson:
    """Recent history and, for staff who work on requests, the person's requests."""
    lately, since = ledger.Past([person])[:LINES], ledger.find_start(ledger.outline([person]))
    cases = Case.objects.filter(person=person, purpose=PURPOSE).order_by("-received_utc")[:LINES]
    return KnownPerson(person, since, story.write_story(lately), list(cases) if with_cases else [])
