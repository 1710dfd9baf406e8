"""The filter of a history: what it asks for, and the options that it offers."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone

from troth.access import story
from troth.cases.kinds import kinds, outward
from troth.cases.models import Case
from troth.policy import Policy
from troth.policy.meaning import MARKETING, Law
from troth.queries import PreparedQuery, Slot
from troth.records.ledger import PastFilter, PastLine
from troth.text import CannotRead, code, day

MOST = 100
"""Requests of the filter."""


@dataclass(frozen=True)
class RequestOption:
    """A request of which the filter can show the entries alone."""

    id: UUID
    number: str
    title: str
    person: UUID


@dataclass(frozen=True)
class HistoryFilter:
    """The filters of the history; invalid ones show everything."""

    what: str
    section: str
    kind: str
    request: str
    first: date | None
    last: date | None
    routine: bool

    @classmethod
    def read(cls, query: QueryDict) -> "HistoryFilter":
        return cls(
            code(query.get("what", "")),
            code(query.get("section", "")),
            code(query.get("kind", "")),
            code(query.get("request", "")),
            _day(query.get("from", "")),
            _day(query.get("to", "")),
            query.get("routine") == "1",
        )

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for more than what happened and which request: the page shows its rarer fields then."""
        return bool(self.section or self.kind or self.first or self.last or self.routine)

    def as_past(self, lines: Iterable[PastLine], policy: Policy, requests: Iterable[RequestOption] = ()) -> PastFilter:
        """The same as the database is asked; `lines`: what occurs in the history, `requests`: whose entries it has."""
        occurring = dict.fromkeys(line.kind for line in lines)
        return PastFilter(
            kinds=[kind for kind in occurring if story.word_of(kind) == self.what] if self.what else None,
            section=self.section,
            unsectioned=MARKETING if self.section and self.section == story.general_section(policy) else "",
            data=self.kind,
            cause=next((each.id for each in requests if each.number == self.request), None),
            since_utc=_midnight(self.first) if self.first else None,
            until_utc=_midnight(self.last + timedelta(days=1)) if self.last and self.last < date.max else None,
        )


_REQUESTS: "PreparedQuery[tuple[UUID, str, str, UUID]]" = PreparedQuery(
    lambda: (
        Case.objects.filter(person__any=Slot("people"), kind__any=Slot("kinds"))
        .order_by("-received_utc")
        .values_list("pk", "number", "kind", "person")[:MOST]
    )
)


def find_requests(people: Collection[UUID]) -> list[RequestOption]:
    """The latest requests of these people.   Cost  1 query"""
    titles = {id: str(kind.title) for id, kind in kinds().items()}
    found = _REQUESTS.list(people=[*people], kinds=outward())
    return [RequestOption(id, number, f"{titles[kind]} {number}", person) for id, number, kind, person in found]


def find_only_request(person: UUID) -> RequestOption | None:
    """The request that a submission came with, where it is one alone: its pages lead back to it.   Cost  1 query"""
    found = find_requests([person])
    return found[0] if len(found) == 1 else None


def list_options(
    lines: Sequence[PastLine], law: Law, requests: Iterable[RequestOption] = ()
) -> dict[str, list[tuple[str, str]]]:
    """The options of the filter: only those that occur."""
    occurring = {kind for line in lines for kind in line.data}
    sections: dict[str, str] = {}
    # Newer versions last, so that a section has the title that it has now.
    for line in sorted(lines, key=lambda line: line.version):
        policy = law.versions.get(line.version, law.versions[law.current])
        anchor = story.anchor_of(policy, line.section, line.purpose)
        if anchor:
            sections[anchor] = section.title if (section := policy.section(anchor)) else ""
    return {
        "whats": [(word, word) for word in dict.fromkeys(story.word_of(line.kind) for line in lines)],
        "kinds": [(kind.id, kind.title) for kind in law.versions[law.current].kinds.values() if kind.id in occurring],
        "sections": sorted(sections.items(), key=lambda pair: pair[1]),
        "requests": [(each.number, each.title) for each in requests],
    }


def _midnight(day: date) -> datetime:
    """The start of the day by the clock that the page shows."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _day(text: str) -> date | None:
    try:
        return day(text)
    except CannotRead:
        return None
