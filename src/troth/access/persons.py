"""A person whom staff look up after a question from them: found by the exact address only."""

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
    """One fact of someone: what was read of it is the caller's, everything here carries no value."""

    person: UUID
    since_utc: datetime | None
    lines: Sequence[story.StoryLine]
    cases: Sequence[Case]


def at(address: str) -> list[UUID]:
    """Those who gave the address, newest first, at most MOST."""
    return profile.people_at(address, most=MOST)


def find_known(person: UUID, *, with_cases: bool) -> KnownPerson:
    """What happened lately and, for those who work on requests, their requests."""
    lately, since = ledger.Past(person)[:LINES], ledger.find_start(ledger.outline(person))
    cases = Case.objects.filter(person=person, purpose=PURPOSE).order_by("-received_utc")[:LINES]
    return KnownPerson(person, since, story.write_story(lately), list(cases) if with_cases else [])
