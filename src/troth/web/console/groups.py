"""The groups of the console's first page, in the order in which to work on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from troth.cases.kinds import kind_of
from troth.desk import index
from troth.desk.acts.panels import panel_of
from troth.desk.lists import placing
from troth.desk.lists.lines import WorkLine, count_left
from troth.desk.lists.placing import ALARMS, INCIDENTS, WAITING, PlacedWork
from troth.desk.lists.saved_views import filters_in
from troth.desk.lists.worklist import WorkList, describe_rows
from troth.desk.staff import LOG, may, user_of
from troth.security.models import User
from troth.text import code
from troth.web.console.every_list import EveryList, choose_sort
from troth.wording import Words

SECOND, MINE, LATE, NOBODYS, OTHERS, UNVERIFIED = "second", "mine", "late", "nobody", "others", "unverified"
TITLES: Mapping[str, Words] = {
    SECOND: gettext_lazy("Waiting for a second approval"),
    MINE: gettext_lazy("Assigned to you"),
    LATE: gettext_lazy("Late"),
    NOBODYS: gettext_lazy("Unassigned, not late"),
    OTHERS: gettext_lazy("Assigned to others, not late"),
    UNVERIFIED: gettext_lazy("Waiting for the person to confirm it"),
}
LATER: Mapping[str, Words] = {WAITING: gettext_lazy("Processing"), ALARMS: gettext_lazy("Needs a decision")}
"""After all groups of what is due."""


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
    """Everything that isn't done, by its place: a group's id, INCIDENTS, WAITING or ALARMS; `lines` are those shown."""

    places: Mapping[str, PlacedWork]
    lines: Mapping[str, Sequence[WorkLine]]

    @property
    def rows(self) -> list[Any]:
        """The requests that are shown in groups, in the order of the page."""
        shown = (self.places[id].shown for id in (*TITLES, *LATER) if id in self.places)
        return [case for rows in shown for _work, case in rows]

    @property
    def names_companies(self) -> bool:
        return any(line.company for lines in self.lines.values() for line in lines)

    def groups(self, titles: Mapping[str, Words]) -> list[WorkGroup]:
        """Those with these ids that have a request, each request in one of them."""
        found = ((id, title, self.places[id]) for id, title in titles.items() if id in self.places)
        return [WorkGroup(id, title, self.lines[id], it.count, it.late) for id, title, it in found]

    def incidents(self, now: datetime) -> list[Incident]:
        """What comes before all groups, the most urgent first."""
        shown = self.places[INCIDENTS].shown if INCIDENTS in self.places else ()
        return [_incident(work, case, now) for work, case in shown]


def place_work(every: EveryList, http: HttpRequest, now: datetime) -> Placed:
    """What isn't done on these lists and is asked for.   Raises  Http404: a filter that does not exist."""
    query, user = http.GET, user_of(http)
    whole, sort = code(query.get("all", "")), choose_sort(query)

    def narrow(work: WorkList, found: "QuerySet[Any]") -> "QuerySet[Any]":
        return every.narrow(work, found, query, user)

    filters = filters_in(query, every)
    places = placing.place_work(every.lists, user, now, whole=whole, narrow=narrow, filters=filters, sort=sort)
    lines = iter(describe_rows(http, [row for place in places.values() for row in place.shown], now))
    return Placed(places, {id: list(islice(lines, len(place.shown))) for id, place in places.items()})


def list_seen(user: User) -> list[WorkList]:
    return [work for work in index.work_lists() if work.is_for(user)]


def list_worked(user: User) -> list[WorkList]:
    """The lists that the user works on; for those who check how others work, all that they may see."""
    seen = list_seen(user)
    return [work for work in seen if work.is_worked_by(user)] or (seen if may(user, LOG) else [])


def _incident(work: WorkList, case: Any, now: datetime) -> Incident:
    progress = panel_of(case).progress
    return Incident(
        number=case.number,
        address=f"{work.address}{case.number}/",
        title=kind_of(case).title,
        due_utc=case.due_utc,
        left=count_left(case.due_utc, now),
        progress=progress(case) if progress else "",
    )
