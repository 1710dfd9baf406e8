"""Open requests placed on the console's first page: the database places and counts, and what is shown is read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Count, Expression, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models import Case as Decided

from troth.cases.actions import NEEDED
from troth.cases.kinds import kinds
from troth.cases.models import Case, CaseApproval
from troth.desk.lists.filters import QueryKey
from troth.desk.lists.sorting import DUE
from troth.desk.lists.worklist import WorkList
from troth.queries import Part, fill_slots
from troth.records import work as work_rows
from troth.security.models import User

SHOWN, MOST, MOST_OF_ONE = 8, 25, 200
"""Lines of a group, of what isn't a group, and of the group that was asked for alone."""
INCIDENTS, WAITING, ALARMS = "incidents", "waiting", "alarms"


# Said as one list of states, of which an index knows where they are.
UNDONE = Q(state__in=(*Case.LIVING, Case.DENIED)) & (~Q(state=Case.DENIED) | ~Q(alarm=""))
Narrow = Callable[[WorkList, "QuerySet[Any]"], "QuerySet[Any]"]
"""Those of a list's requests that are asked for."""


@dataclass(frozen=True)
class PlacedWork:
    """The requests at one place of the page, as (list, request): the first `shown`, of `count`."""

    shown: Sequence[tuple[WorkList, Any]] = ()
    count: int = 0
    late: int = 0


def place_work(
    lists: Sequence[WorkList],
    user: User,
    now: datetime,
    *,
    whole: str = "",
    narrow: Narrow = lambda work, found: found,
    filters: str = "",
    sort: str = DUE,
) -> Mapping[str, PlacedWork]:
    """What isn't done on these lists, as the user sees it: by a group's id, INCIDENTS, WAITING or ALARMS.

    Takes   whole: the group of which as many lines are shown as a page can have; narrow: those that are asked for;
            filters: what that does, because it is compiled once; sort: one of SORTS.
    Cost    1 query, and 1 for each list with something to show"""
    keys = (QueryKey.of(work.name, filters, user, at=at) for at, work in enumerate(lists))
    asked = (_Placing(key, lists[key.at], user, narrow) for key in keys)
    parts = [(sql, fill_slots(params, now=now)) for sql, params in map(_compile, asked) if sql]
    placed = _place(parts, now=now, whole=whole, sort=sort)
    cases = {at: _read(lists[at], [row[2] for row in placed if row[1] == at]) for at in {row[1] for row in placed}}
    found: dict[str, PlacedWork] = {}
    for place, at, id, number, late in placed:
        before = found.get(place, PlacedWork())
        if id in cases[at]:  # it is still there
            found[place] = PlacedWork((*before.shown, (lists[at], cases[at][id])), number, late)
    return found


def _read(work: WorkList, ids: Iterable[object]) -> dict[object, Any]:
    return {case.pk: case for case in work.by_ids.list(ids=[*ids])}


def _place(parts: Sequence[Part], *, now: datetime, whole: str, sort: str) -> list[work_rows.PlacedRow]:
    """Place, list, request, how many are at that place and how many of them are late, in the order of the page."""
    return work_rows.place(
        parts,
        now=now,
        needed=NEEDED,
        whole=whole,
        long=(INCIDENTS, WAITING, ALARMS),
        most=(MOST_OF_ONE, MOST, SHOWN),
        sort=sort,
    )


@dataclass(frozen=True)
class _Placing:
    key: QueryKey
    work: WorkList = field(compare=False)
    user: User = field(compare=False)
    narrow: Narrow = field(compare=False)


# As the counts of views: see `saved_views`.
@lru_cache(maxsize=512)
def _compile(asked: _Placing) -> Part:
    """The SQL of one list's part and its parameters; none where nothing can be found."""
    mark = partial(_mark, at=asked.key.at, work=asked.work, user=asked.user, narrow=asked.narrow)
    try:
        return asked.work.leanest(mark).query.sql_with_params()
    except EmptyResultSet:
        return "", ()


def _mark(found: "QuerySet[Any]", *, at: int, work: WorkList, user: User, narrow: Narrow) -> "QuerySet[Any, Any]":
    """What is not done, with all that its place follows from."""
    hourly = [kind.id for kind in kinds().values() if kind.hourly]
    return (
        narrow(work, found.filter(UNDONE))
        .order_by()
        .values_list(
            Value(at),
            "pk",
            "state",
            "received_utc",
            "due_utc",
            "waits_for",
            _whether(Q(kind__in=hourly)),
            _whether(~Q(alarm="")),
            _whether(work.mine(user)),
            _whether(work.nobodys),
            _count_approvals(),
        )
    )


def _whether(condition: Q) -> Expression:
    return Decided(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _count_approvals() -> Expression:
    """How many agree to what a request is carried out by."""
    found = CaseApproval.objects.filter(case=OuterRef("pk"), what=OuterRef("approves")).order_by().values("case")
    return Decided(When(~Q(approves=""), then=Subquery(found.annotate(people=Count("who")).values("people"))))


def count(lists: Sequence[WorkList], *, since: datetime, now: datetime, zone: str) -> list[tuple[str, str, int]]:
    """The requests of these lists by state, answered in time or late, and open by day, late ones apart.

    Cost  1 query"""
    return work_rows.count(
        [work.purpose for work in lists],
        living=Case.LIVING,
        ended=(Case.DENIED, Case.WITHDRAWN),
        since=since,
        now=now,
        zone=zone,
    )
