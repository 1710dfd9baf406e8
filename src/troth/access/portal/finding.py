"""Which requests a customer may see: their own, earlier ones without an account, and those that colleagues share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Case as CaseWhen
from django.db.models import Count, Q, QuerySet, TextField, Value, When
from django.http import QueryDict

from troth.access.persons import own_membership, own_people
from troth.cases.kinds import kinds, outward
from troth.cases.models import Case
from troth.cases.thread.marks import MOST_SOUGHT, make_marks, with_marks
from troth.cases.thread.titles import FIRST_WORDS
from troth.desk import index
from troth.desk.lists.filters import choose_filter
from troth.queries import PreparedQuery, Slot
from troth.security.models import User
from troth.text import read_search

WAITING, OPEN, CLOSED = "waiting", "open", "closed"
SECTIONS = (WAITING, OPEN, CLOSED)
MINE, SHARED = "mine", "shared"
_BY_NUMBER = PreparedQuery(lambda: Case.objects.filter(number=Slot("number")))
_OWN = Q(person__any=Slot("people"))
# Requests of nobody's organization are nobody's: without one, nothing equals the slot.
_COLLEAGUES = Case.of_colleagues(Slot("organization")) & ~_OWN
_WAITS = _OWN & (Q(state=Case.UNVERIFIED) | Q(state=Case.OPEN, waits_for=Case.PERSON))
_SECTIONS = {
    WAITING: _WAITS,
    OPEN: Q(state__in=Case.LIVING) & ~_WAITS,
    CLOSED: ~Q(state__in=Case.LIVING),
}
"""Which requests each has. What waits for a colleague who shares it doesn't wait for the customer."""


@dataclass(frozen=True)
class RequestFilter:
    """The filters of the list, as its address states them."""

    search: str = ""
    kind: str = ""
    status: str = ""
    whose: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "RequestFilter":
        """Raises  Http404: a filter that does not exist."""
        return cls(
            read_search(query.get("q", "")),
            choose_filter(query, "kind", kinds()),
            choose_filter(query, "status", SECTIONS),
            choose_filter(query, "whose", (MINE, SHARED)),
        )

    @property
    def narrows(self) -> bool:
        return bool(self.search or self.kind or self.whose)

    @property
    def query(self) -> str:
        """The query without status and page, for links that set these."""
        said = {"q": self.search, "kind": self.kind, "whose": self.whose}
        kept = urlencode({name: value for name, value in said.items() if value})
        return f"{kept}&" if kept else ""


@dataclass(frozen=True)
class CountedRequests:
    """How many requests are in each section, and which kinds occur, for the filter: id and title."""

    sections: Mapping[str, int]
    kinds: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class OwnRequests:
    """The requests that a customer may see and that match the filters, whichever section they are in.

    Colleagues' requests about their own data stay private."""

    user: User
    wanted: RequestFilter = RequestFilter()

    def count(self) -> CountedRequests:
        """The requests by section, with their kinds.   Cost  1 query"""
        sections, occurring = dict.fromkeys(SECTIONS, 0), set()
        for kind, section, number in self._list(_count):
            sections[section] += number
            occurring.add(kind)
        titles = [(kind.id, str(kind.title)) for kind in kinds().values() if kind.id in occurring]
        return CountedRequests(sections, titles)

    def read(self, section: str, part: slice) -> list[Case]:
        """A part of one section, each as a row of its kind's own table.   Cost  1 query, and 1 for each table

        Closed requests are in the order of their end, all others by due date."""
        return read_rows(self._list(_choose, section, part.start, part.stop))

    def _list(self, make: Any, *part: Any) -> list[Any]:
        # Words that were searched for are as many as there are searches: nothing is kept of them.
        query = make.__wrapped__(self.wanted, *part) if self.wanted.search else make(self.wanted, *part)
        return list(query.list(**self._given))

    @cached_property
    def _given(self) -> Mapping[str, Any]:
        own = own_membership(self.user)
        return {"people": [*own_people(self.user)], "organization": own.organization if own else None}


def find_one(user: User, number: str) -> Case | None:
    """The request of this number with what its kind keeps beside it, if the customer may see it.

    Cost  1 query, 1 more for one that isn't their own"""
    case = _read_numbered(number)
    if case is None or case.kind not in outward():
        return None
    if case.person_id in own_people(user):
        return case
    own = own_membership(user)
    return case if own and case.shared and case.organization_id == own.organization else None


def _read_numbered(number: str) -> Case | None:
    """From the table of the kinds whose numbers begin so: no kind's numbers are in two tables."""
    prefix = number.partition("-")[0]
    tables = {index.request_view(kind.id).table for kind in kinds().values() if kind.prefix == prefix}
    return next((case for table in tables if (case := _by_number(table).first(number=number))), None)


def find_numbered(number: str) -> Case | None:
    """The request of this number, of anyone.   Cost  1 query"""
    return _BY_NUMBER.first(number=number)


def find_own(user: User, number: str) -> Case | None:
    """The request of this number, if the customer made it.   Cost  1 query"""
    case = _BY_NUMBER.first(number=number)
    return case if case is not None and case.kind in outward() and case.person_id in own_people(user) else None


def read_own(case: Case) -> Case:
    """The same with what its kind keeps beside it.   Cost  1 query"""
    return next(iter(read_rows([(case.pk, case.kind)])), case)


def read_rows(found: Sequence[tuple[UUID, str]]) -> list[Case]:
    """Requests by id and kind, in this order, with what their kinds keep beside them, and where their first words are.

    Cost  1 query for each table"""
    tables: dict[type[Case], list[UUID]] = {}
    for pk, kind in found:
        tables.setdefault(index.request_view(kind).table, []).append(pk)
    rows = {row.pk: row for table, pks in tables.items() for row in _by_ids(table).list(ids=pks)}
    return [rows[pk] for pk, _kind in found if pk in rows]


@cache
def _by_number(table: type[Case]) -> PreparedQuery[Case]:
    return PreparedQuery(lambda: table.objects.filter(number=Slot("number")).annotate(first_words=FIRST_WORDS))


@cache
def _by_ids(table: type[Case]) -> PreparedQuery[Case]:
    return PreparedQuery(lambda: table.objects.filter(pk__any=Slot("ids")).annotate(first_words=FIRST_WORDS))


@index.remember_for_rooms
def _count(wanted: RequestFilter) -> PreparedQuery[Any]:
    within = [When(condition, then=Value(name)) for name, condition in _SECTIONS.items()]
    named = _find(wanted).annotate(section=CaseWhen(*within, output_field=TextField()))
    return PreparedQuery(lambda: named.values_list("kind", "section").annotate(requests=Count("*")))


@index.remember_for_rooms
def _choose(wanted: RequestFilter, section: str, start: int, stop: int) -> PreparedQuery[Any]:
    order = ("-answered_utc", "-received_utc") if section == CLOSED else ("due_utc", "received_utc")
    found = _find(wanted).filter(_SECTIONS[section]).order_by(*order).values_list("pk", "kind")
    return PreparedQuery(lambda: found[start:stop])


def _find(wanted: RequestFilter) -> "QuerySet[Case]":
    whose = {MINE: _OWN, SHARED: _COLLEAGUES}.get(wanted.whose, _OWN | _COLLEAGUES)
    found = Case.objects.filter(whose, kind__in=outward())
    if wanted.search:
        found = found.filter(_search(wanted.search))
    return found.filter(kind=wanted.kind) if wanted.kind else found


def _search(words: str) -> Q:
    called = [kind.id for kind in kinds().values() if words.lower() in str(kind.title).lower()]
    found = Q(number__icontains=words) | Q(kind__in=called)
    found |= _OWN & with_marks(make_marks(words, most=MOST_SOUGHT))  # what colleagues wrote stays theirs
    for kind in kinds().values():
        found |= Q(kind=kind.id) & index.request_view(kind.id).sought(words)
    return found
