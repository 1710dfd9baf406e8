"""Open requests in the order in which to work on them; each is in one group only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

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
from troth.security.models import User

SHOWN = 8
_DONE = (Case.ANSWERED, Case.WITHDRAWN)
SECOND, MINE, LATE, NOBODYS, OTHERS = "second", "mine", "late", "nobody", "others"
TITLES: Mapping[str, Words] = {
    SECOND: gettext_lazy("Waiting for a second approval"),
    MINE: gettext_lazy("Assigned to you"),
    LATE: gettext_lazy("Late"),
    NOBODYS: gettext_lazy("Unassigned"),
    OTHERS: gettext_lazy("Assigned to others"),
}


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
class WorkRow:
    """One request that is not done, and whose it is, as the reader sees it."""

    work: WorkList
    case: Any

    def line(self, now: datetime) -> WorkLine:
        return self.work.line(self.case, now)


def list_worked(user: User) -> list[WorkList]:
    """The lists that the user works on; for a user who works on none, those that the user may see."""
    seen = [work for work in index.work_lists() if work.is_for(user)]
    return [work for work in seen if work.is_worked_by(user)] or seen


def read_rows(lists: Iterable[WorkList], user: User) -> list[WorkRow]:
    """All open requests of these lists.   Cost  1 query for each list."""
    return [WorkRow(work, case) for work in lists for case in _mark_rows(work, user)]


def make_groups(rows: Iterable[WorkRow], now: datetime, *, whole: str = "") -> list[WorkGroup]:
    """All groups that have a request.   Takes   whole: the group of which every line is shown."""
    found: dict[str, list[WorkRow]] = {id: [] for id in TITLES}
    hourly = _hourly()
    for row in rows:
        if row.case.state == Case.OPEN and row.case.kind not in hourly:
            found[_place(row.case, now)].append(row)
    return [_group(id, placed, now, whole=whole == id) for id, placed in found.items() if placed]


def list_incidents(rows: Iterable[WorkRow], now: datetime) -> list[Incident]:
    """The group that comes before all others, the most urgent first."""
    hourly = _hourly()
    found = [row for row in rows if row.case.state == Case.OPEN and row.case.kind in hourly]
    return [_incident(row.work, row.case, now) for row in sorted(found, key=lambda row: row.case.due_utc)]


def _mark_rows(work: WorkList, user: User) -> "QuerySet[Any]":
    """Each with what only the database knows of a row."""
    found = work.rows().filter(Q(state__in=Case.LIVING) | ~Q(alarm="") & ~Q(state__in=_DONE))
    marked: QuerySet[Any] = with_names(found).annotate(
        is_mine=_whether(work.mine(user)), is_nobodys=_whether(work.nobodys), approvals_count=_count_approvals()
    )
    return marked


def _whether(condition: Q) -> Expression:
    return Decided(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _hourly() -> set[str]:
    return {kind.id for kind in kinds().values() if kind.hourly}


def _place(case: Any, now: datetime) -> str:
    if 0 < (case.approvals_count or 0) < NEEDED:  # someone agreed, but not as many as it takes
        return SECOND
    if case.is_mine:
        return MINE
    if case.due_utc < now:
        return LATE
    return NOBODYS if case.is_nobodys else OTHERS


def _count_approvals() -> Subquery:
    """How many agree to what a request is carried out by."""
    found = CaseApproval.objects.filter(case=OuterRef("pk"), what=OuterRef("approves")).order_by().values("case")
    return Subquery(found.annotate(people=Count("who")).values("people"))


def _group(id: str, rows: Sequence[WorkRow], now: datetime, *, whole: bool) -> WorkGroup:
    ordered = sorted(rows, key=lambda row: row.case.due_utc)
    lines = [row.line(now) for row in (ordered if whole else ordered[:SHOWN])]
    late = sum(1 for row in rows if row.case.due_utc < now)
    return WorkGroup(id, TITLES[id], lines, len(rows), late)


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
