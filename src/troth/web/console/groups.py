"""The requests that someone has to answer, in the order in which one works: each is in one group only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from troth.cases.actions import NEEDED
from troth.cases.kinds import kind_of, kinds
from troth.cases.models import Case, CaseApproval
from troth.desk import index
from troth.desk.acts import Words
from troth.desk.lines import WorkLine
from troth.desk.panels import panel_of
from troth.desk.worklist import WorkList
from troth.security.models import User

SHOWN = 8
SECOND, MINE, LATE, NOBODYS, OTHERS = "second", "mine", "late", "nobody", "others"
TITLES: Mapping[str, Words] = {
    SECOND: gettext_lazy("Waiting for a second person"),
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


def list_worked(user: User) -> list[WorkList]:
    """The lists that the user works on; for a user who works on none, those that the user may see."""
    seen = [work for work in index.work_lists() if work.is_for(user)]
    return [work for work in seen if work.is_worked_by(user)] or seen


def make_groups(lists: Iterable[WorkList], user: User, now: datetime, *, whole: str = "") -> list[WorkGroup]:
    """All groups that have a request.   Takes   whole: the group of which every line is shown."""
    found: dict[str, list[tuple[WorkList, Any]]] = {id: [] for id in TITLES}
    for work in lists:
        for id, case in _sort_into(work, user, now):
            found[id].append((work, case))
    return [_group(id, rows, now, whole=whole == id) for id, rows in found.items() if rows]


def list_incidents(lists: Iterable[WorkList], now: datetime) -> list[Incident]:
    """What is above everything, the most urgent first."""
    found = [(work, case) for work in lists for case in work.due().filter(kind__in=_hourly())]
    return [_incident(work, case, now) for work, case in sorted(found, key=lambda pair: pair[1].due_utc)]


def _hourly() -> list[str]:
    return [kind.id for kind in kinds().values() if kind.hourly]


def _sort_into(work: WorkList, user: User, now: datetime) -> Iterable[tuple[str, Any]]:
    due = work.due().exclude(kind__in=_hourly())
    seconds = _half_agreed()
    mine, nobodys = (set(due.filter(each).values_list("pk", flat=True)) for each in (work.mine(user), work.nobodys))
    for case in due:
        if case.pk in seconds:
            yield SECOND, case
        elif case.pk in mine:
            yield MINE, case
        elif case.due_utc < now:
            yield LATE, case
        else:
            yield (NOBODYS if case.pk in nobodys else OTHERS), case


def _half_agreed() -> set[Any]:
    """Open requests to which someone agreed, but not as many as it takes."""
    agreed = CaseApproval.objects.filter(case__state=Case.OPEN).values("case", "what").annotate(people=Count("who"))
    return set(agreed.filter(people__lt=NEEDED).values_list("case", flat=True))


def _group(id: str, rows: Sequence[tuple[WorkList, Any]], now: datetime, *, whole: bool) -> WorkGroup:
    ordered = sorted(rows, key=lambda row: row[1].due_utc)
    lines = [work.line(case, now) for work, case in (ordered if whole else ordered[:SHOWN])]
    late = sum(1 for _work, case in rows if case.due_utc < now)
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
