"""A customer's requests: their own, earlier ones without an account, and those that colleagues share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from troth.access.persons import own_membership, own_people
from troth.cases.kinds import kind_of, kinds, outward
from troth.cases.models import Case
from troth.desk import index
from troth.desk.filters import choose_filter
from troth.desk.portal import RequestState, find_due, stand
from troth.queries import PreparedQuery, Slot
from troth.security.models import User
from troth.text import read_search

WAITING, OPEN, CLOSED = "waiting", "open", "closed"
MINE, SHARED = "mine", "shared"
_BY_NUMBER = PreparedQuery(lambda: Case.objects.filter(number=Slot("number")))
MOST_OPEN = 4
"""Lines of the start page."""
_WAITS = Q(state=Case.UNVERIFIED) | Q(state=Case.OPEN, waits_for=Case.PERSON)
SECTIONS: Mapping[str, Q] = {
    WAITING: _WAITS,
    OPEN: Q(state__in=Case.LIVING) & ~_WAITS,
    CLOSED: ~Q(state__in=Case.LIVING),
}


@dataclass(frozen=True)
class ListedRequest:
    """One request as the list shows it. `sharer`: the colleague's submission; None for their own."""

    case: Case
    subject: str
    kind: str
    holder: str
    team: str
    standing: RequestState
    due_utc: datetime | None
    sharer: UUID | None
    shared_by: str = ""

    @property
    def address(self) -> str:
        return f"/account/requests/{self.case.number}/"


@dataclass(frozen=True)
class RequestFilter:
    """The filters of the list, as its address states them."""

    search: str
    kind: str
    status: str
    whose: str

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


def of_customer(user: User) -> "QuerySet[Case]":
    """Every request that the customer may see. Colleagues' requests about their own data stay private."""
    return Case.objects.filter(_filter_mine(user) | _filter_shared(user))


def find_one(user: User, number: str) -> Case | None:
    """The request of this number, if the customer may see it.   Cost  1 query, 1 more for one that isn't their own"""
    case = _BY_NUMBER.first(number=number)
    if case is None or case.kind not in outward():
        return None
    if case.person_id in own_people(user):
        return case
    own = own_membership(user)
    return case if own and case.shared and case.organization_id == own.organization else None


@dataclass(frozen=True)
class CountedRequests:
    """How many requests are in each section, and which kinds occur, for the filter: id and title."""

    sections: Mapping[str, int]
    kinds: Sequence[tuple[str, str]]


def count(found: "QuerySet[Case]") -> CountedRequests:
    """The requests by section, with their kinds.   Cost  1 query"""
    counted = found.order_by().values_list("kind", "state", "waits_for").annotate(requests=Count("*"))
    sections, occurring = dict.fromkeys(SECTIONS, 0), set()
    for kind, state, waits_for, number in counted:
        sections[_find_section(state, waits_for)] += number
        occurring.add(kind)
    return CountedRequests(sections, [(kind.id, str(kind.title)) for kind in kinds().values() if kind.id in occurring])


def _find_section(state: str, waits_for: str) -> str:
    """As SECTIONS has it."""
    if state == Case.UNVERIFIED or (state == Case.OPEN and waits_for == Case.PERSON):
        return WAITING
    return OPEN if state in Case.LIVING else CLOSED


def narrow(found: "QuerySet[Case]", user: User, wanted: RequestFilter) -> "QuerySet[Case]":
    """The requests that match the filters, in all sections."""
    if wanted.search:
        found = found.filter(_search(wanted.search))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.whose:
        found = found.filter(_filter_mine(user) if wanted.whose == MINE else _filter_shared(user))
    return found


def section(found: "QuerySet[Case]", name: str) -> "QuerySet[Case]":
    """One section of the list: closed requests by their end, all others by due date."""
    order = ("-answered_utc", "-received_utc") if name == CLOSED else ("due_utc", "received_utc")
    return found.filter(SECTIONS[name]).order_by(*order)


@dataclass(frozen=True)
class OpenRequests:
    """The customer's open requests: the first lines, and the total."""

    first: Sequence[ListedRequest]
    count: int


def find_open(user: User, at_utc: datetime, *, most: int) -> OpenRequests:
    """The customer's own open requests: those that wait for them first, then by due date."""
    mine = Case.objects.filter(_filter_mine(user), state__in=Case.LIVING)
    waiting = list(section(mine, WAITING)[:most])
    first = [*waiting, *section(mine, OPEN)[: most - len(waiting)]]
    return OpenRequests(tell(first, user, at_utc), mine.count())


def list_open(request: HttpRequest) -> dict[str, OpenRequests] | None:
    """The open requests of the signed-in customer; nothing for visitors."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.person_id is None:
        return None
    found = find_open(user, timezone.now(), most=MOST_OPEN)
    return {"open": found} if found.count else None


def tell(cases: Sequence[Case], user: User | None, at_utc: datetime) -> list[ListedRequest]:
    """The requests as lines, in this order.   Cost  1 query, and 1 for each kind that has a table of its own.

    Takes   user: None for someone who proved by a link that the requests are theirs."""
    mine, rows = {case.person_id for case in cases} if user is None else set(own_people(user)), _load_rows(cases)
    return [_tell(rows.get(case.pk, case), case.person_id not in mine, at_utc) for case in cases]


def _tell(case: Case, foreign: bool, at_utc: datetime) -> ListedRequest:
    view = index.request_view(case.kind)
    holder, team = view.holder(case)
    return ListedRequest(
        case=case,
        subject=view.subject(case),
        kind=str(view.called or kind_of(case).title),
        holder=holder,
        team=team,
        standing=stand(case, view, at_utc),
        due_utc=find_due(case, view),
        sharer=case.person_id if foreign else None,
    )


def _load_rows(cases: Sequence[Case]) -> dict[UUID, Case]:
    tables: dict[type[Case], list[UUID]] = {}
    for case in cases:
        tables.setdefault(index.request_view(case.kind).table, []).append(case.pk)
    own = [(table, pks) for table, pks in tables.items() if table is not Case]
    return {row.pk: row for table, pks in own for row in _rows_of(table).list(ids=pks)}


@cache
def _rows_of(table: type[Case]) -> PreparedQuery[Case]:
    return PreparedQuery(lambda: table.objects.filter(pk__any=Slot("ids")))


def _filter_mine(user: User) -> Q:
    return Q(person__in=own_people(user), kind__in=outward())


def _filter_shared(user: User) -> Q:
    mine = own_membership(user)
    if mine is None:
        return Q(pk__in=())
    return Case.of_colleagues(mine.organization) & ~Q(person__in=own_people(user)) & Q(kind__in=outward())


def _search(words: str) -> Q:
    called = [kind.id for kind in kinds().values() if words.lower() in str(kind.title).lower()]
    found = Q(number__icontains=words) | Q(kind__in=called)
    for kind in kinds().values():
        found |= Q(kind=kind.id) & index.request_view(kind.id).sought(words)
    return found
