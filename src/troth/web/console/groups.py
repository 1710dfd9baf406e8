"""Open requests in the order in which to work on them: the database places and counts, and what is shown is read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Count, Expression, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models import Case as Decided
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from troth.cases.actions import NEEDED
from troth.cases.kinds import kind_of, kinds
from troth.cases.models import Case, CaseApproval
from troth.desk import index
from troth.desk.acts import Words
from troth.desk.lines import WorkLine, with_names
from troth.desk.panels import panel_of
from troth.desk.worklist import WorkList
from troth.records.calls import rows
from troth.security.models import User

SHOWN, MOST, MOST_OF_ONE = 8, 25, 200
"""Lines of a group, of what isn't a group, and of the group that was asked for alone."""
SECOND, MINE, LATE, NOBODYS, OTHERS = "second", "mine", "late", "nobody", "others"
INCIDENTS, WAITING, ALARMS = "incidents", "waiting", "alarms"
TITLES: Mapping[str, Words] = {
    SECOND: gettext_lazy("Waiting for a second approval"),
    MINE: gettext_lazy("Assigned to you"),
    LATE: gettext_lazy("Late"),
    NOBODYS: gettext_lazy("Unassigned"),
    OTHERS: gettext_lazy("Assigned to others"),
}


@dataclass(frozen=True)
class PlacedWork:
    """The requests at one place of the page, as (list, request): the first `shown`, of `count`."""

    shown: Sequence[tuple[WorkList, Any]] = ()
    count: int = 0
    late: int = 0

    def lines(self, now: datetime) -> list[WorkLine]:
        return [work.line(case, now) for work, case in self.shown]


@dataclass(frozen=True)
class WorkGroup:
    """One heading with its requests: `count` of them, of which `lines` are shown and `more` are not."""

    id: str
    title: Words
    lines: Sequence[WorkLine]
    count: int
    late: int

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


@dataclass(frozen=True)
class Incident:
    """A request whose time runs in hours."""

    number: str
    address: str
    title: Words
    due_utc: datetime
    left: str
    progress: str


@dataclass(frozen=True)
class Placed:
    """Everything that isn't done, by its place: a group's id, INCIDENTS, WAITING or ALARMS."""

    places: Mapping[str, PlacedWork] = field(default_factory=dict)

    def at(self, place: str) -> PlacedWork:
        return self.places.get(place, PlacedWork())

    def groups(self, now: datetime) -> list[WorkGroup]:
        """All groups that have a request, each request in one of them."""
        found = ((id, title, self.at(id)) for id, title in TITLES.items())
        return [WorkGroup(id, title, it.lines(now), it.count, it.late) for id, title, it in found if it.count]

    def incidents(self, now: datetime) -> list[Incident]:
        """What comes before all groups, the most urgent first."""
        return [_incident(work, case, now) for work, case in self.at(INCIDENTS).shown]


def list_worked(user: User) -> list[WorkList]:
    """The lists that the user works on; for a user who works on none, those that the user may see."""
    seen = [work for work in index.work_lists() if work.is_for(user)]
    return [work for work in seen if work.is_worked_by(user)] or seen


def place_work(lists: Sequence[WorkList], user: User, now: datetime, *, whole: str = "") -> Placed:
    """What isn't done on these lists, as the user sees it.

    Takes   whole: the group of which as many lines are shown as a page can have.
    Cost    1 query, and 1 for each list with something to show"""
    placed = _place(lists, user, now, whole)
    cases = {at: _read(lists[at], [row[2] for row in placed if row[1] == at]) for at in {row[1] for row in placed}}
    found: dict[str, PlacedWork] = {}
    for place, at, id, count, late in placed:
        before = found.get(place, PlacedWork())
        if id in cases[at]:  # it is still there
            found[place] = PlacedWork((*before.shown, (lists[at], cases[at][id])), count, late)
    return Placed(found)


def _read(work: WorkList, ids: Iterable[object]) -> dict[object, Any]:
    return {case.pk: case for case in with_names(work.rows().filter(pk__in=[*ids]))}


def _place(lists: Sequence[WorkList], user: User, now: datetime, whole: str) -> list[tuple[Any, ...]]:
    """Place, list, request, how many are at that place and how many of them are late, in the order of the page."""
    parts = list(_list_parts(lists, user))
    if not parts:
        return []
    sql = _PLACED.replace("PARTS", " union all ".join(f"({part})" for part, _params in parts))
    params = [param for _part, params in parts for param in params]
    return rows(sql, [*params, now, NEEDED, whole, MOST_OF_ONE, [INCIDENTS, WAITING, ALARMS], MOST, SHOWN])


def _list_parts(lists: Sequence[WorkList], user: User) -> Iterator[tuple[str, Sequence[object]]]:
    for at, work in enumerate(lists):
        try:
            yield work.leanest(partial(_mark, at=at, work=work, user=user)).query.sql_with_params()
        except EmptyResultSet:
            continue


def _mark(found: "QuerySet[Any]", *, at: int, work: WorkList, user: User) -> "QuerySet[Any, Any]":
    """What is not done, with all that its place follows from."""
    hourly = [kind.id for kind in kinds().values() if kind.hourly]
    undone = found.filter(Q(state__in=Case.LIVING) | Q(state=Case.DENIED) & ~Q(alarm=""))
    return undone.order_by().values_list(
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


def _whether(condition: Q) -> Expression:
    return Decided(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _count_approvals() -> Expression:
    """How many agree to what a request is carried out by."""
    found = CaseApproval.objects.filter(case=OuterRef("pk"), what=OuterRef("approves")).order_by().values("case")
    return Decided(When(~Q(approves=""), then=Subquery(found.annotate(people=Count("who")).values("people"))))


def _incident(work: WorkList, case: Any, now: datetime) -> Incident:
    progress = panel_of(case).progress
    return Incident(
        number=case.number,
        address=f"{work.address}{case.number}/",
        title=kind_of(case).title,
        due_utc=case.due_utc,
        left=_count_left(case.due_utc, now),
        progress=progress(case) if progress else "",
    )


def _count_left(due_utc: datetime, now: datetime) -> str:
    """Hours, begun ones counted where it is late and not where time is left."""
    if now > due_utc:
        hours = ceil((now - due_utc) / timedelta(hours=1))
        return ngettext("%d hour late", "%d hours late", hours) % hours
    hours = (due_utc - now) // timedelta(hours=1)
    return ngettext("%d hour left", "%d hours left", hours) % hours if hours else _("less than an hour left")


# Someone agreed, but not as many as it takes: that comes first. What waits for the person or for a day is not late.
_PLACED = """
    with found (list, id, state, received, due, waits, hourly, alarmed, mine, nobodys, approvals) as (PARTS),
    known as (
        select f.*, f.due < %s and f.waits = '' as late, f.state = 'open' as open,
               f.approvals > 0 and f.approvals < %s as begun
        from found f),
    placed as (
        select list, id, late, due as rank,
               case when state = 'received' then 'waiting' when hourly then 'incidents'
                    when begun then 'second' when mine then 'mine' when late then 'late'
                    when nobodys then 'nobody' else 'others' end as place
        from known where open or state = 'received'
        union all
        select list, id, late, timestamptz 'epoch' - (received - timestamptz 'epoch'), 'alarms'
        from known where alarmed)
    select place, list, id, count, late from (
        select place, list, id, row_number() over (partition by place order by rank, id) as at,
               count(*) over (partition by place) as count,
               count(*) filter (where late) over (partition by place) as late
        from placed) it
    where at <= case when place = %s then %s when place = any (%s) then %s else %s end
    order by place, at
"""
