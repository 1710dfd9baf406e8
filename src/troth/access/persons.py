"""A person whom staff look up, found only by the exact address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth.access import story
from troth.cases.actions import PURPOSE
from troth.cases.models import Case
from troth.records import ledger, profile

MOST = 10
LINES = 10


@dataclass(frozen=True)
class KnownPerson:
    """One submission of someone, without any value: what was read is the caller's."""

    person: UUID
    since_utc: datetime | None
    lines: Sequence[story.StoryLine]
    cases: Sequence[Case]


def at(address: str) -> list[UUID]:
    """People who gave the address, newest first, at most MOST."""
    return profile.people_at(address, most=MOST)


def find_known(person: UUID, *, with_cases: bool) -> KnownPerson:
    """Recent history and, for staff who work on requests, the person's requests."""
    lately, since = ledger.Past(person)[:LINES], ledger.find_start(ledger.outline(person))
    cases = Case.objects.filter(person=person, purpose=PURPOSE).order_by("-received_utc")[:LINES]
    return KnownPerson(person, since, story.write_story(lately), list(cases) if with_cases else [])
