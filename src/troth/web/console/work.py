"""The console's first page: what to do first, what waits, what failed, and how old requests are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth import in_force
from troth.cases.kinds import kind_of
from troth.collection.forms import takes_files
from troth.desk import exporting
from troth.desk.charts import Bar
from troth.desk.lists import bulk, saved_views
from troth.desk.lists.filters import YES
from troth.desk.lists.lines import with_names
from troth.desk.lists.neighbors import find_place_among, list_picked
from troth.desk.lists.opened import OpenedRequest
from troth.desk.lists.rows import RowLook
from troth.desk.lists.sorting import SORTS
from troth.desk.lists.worklist import WorkList
from troth.desk.staff import ASSIGN, LOG, OPERATE, may, readable, staff_only, user_of
from troth.headers import see_other
from troth.security.models import User
from troth.site import site
from troth.web.console import figures, operations
from troth.web.console.every_list import EveryList, choose_sort
from troth.web.console.groups import LATER, TITLES, list_seen, list_worked, place_work
from troth.wording import Words
from troth.words import promises

OLDEST = 5
LAW_STEP = 10
"""Days a bar of requests with a law's clock, which give weeks where our own promises give days."""


@dataclass(frozen=True)
class Age:
    """How many open requests came in that many days ago: the second part of the bar is late."""

    text: str
    bar: Bar


@dataclass(frozen=True)
class AgeChart:
    """Open requests by age: by business days those we promise to answer ourselves, by days those with a law's clock."""

    id: str
    heading: str
    title: str
    unit: str
    ages: Sequence[Age]

    @property
    def bars(self) -> list[Bar]:
        return [age.bar for age in self.ages]

    @property
    def count(self) -> int:
        return sum(bar.total for bar in self.bars)


@dataclass(frozen=True)
class Answered:
    """Within which time the policy promises that a list's requests are answered, and in which section."""

    title: Words
    time: str
    section: str


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def work(request: HttpRequest) -> HttpResponse:
    """What the signed-in user has to do, most urgent first; the charts show whether what we promise holds."""
    every = _list_every(request)
    if request.method != "POST":
        return _show(request, every=every)
    try:
        return saved_views.change(request, every)
    except saved_views.NoView as problem:
        return _show(request, every=every, problem=problem, status=400)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def open_one(request: HttpRequest, number: str) -> HttpResponseBase:
    """One request beside all of the user's work; on its own list, where others work on it."""
    every = _list_every(request)
    if found := every.find_one(number):
        return OpenedRequest(*found, partial(_show, every=every)).answer(request)
    seen = EveryList(list_seen(user_of(request))).find_one(number)
    if seen is not None and request.method != "POST":
        return see_other(f"{seen[0].address}{number}/")
    raise Http404("There is no request of this number on your lists.")


@require_POST
@staff_only
def change_many(request: HttpRequest) -> HttpResponse:
    return bulk.take(request, bulk.requests_of(_list_every(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def show_run(request: HttpRequest, run: UUID) -> HttpResponse:
    return bulk.show_run(request, bulk.requests_of(_list_every(request)), run)


@require_safe
@staff_only
def export(request: HttpRequest) -> HttpResponse:
    """What isn't done, as far as the user may export its lists."""
    every = EveryList(list_exported(_list_every(request).lists, user_of(request)))
    if not every.lists:
        raise Http404("These lists are exported by those who answer the requests.")
    found = with_names(every.choose_rows(request.GET, user_of(request), timezone.now()))
    return exporting.list_as_csv(request, every.name, [_("Kind")], lambda case: [kind_of(case).title], found)


def list_exported(lists: Iterable[WorkList], user: User) -> list[WorkList]:
    return [work for work in lists if may(user, work.exports, work.purpose)]


def _list_every(request: HttpRequest) -> EveryList:
    return EveryList(list_worked(user_of(request)))


def _show(
    request: HttpRequest,
    opened: Mapping[str, object] | None = None,
    *,
    every: EveryList,
    problem: saved_views.NoView | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page. Charts and failed jobs are left out beside an opened request, which is what one looks at then."""
    now, user, lists = timezone.now(), user_of(request), every.lists
    placed = place_work(every, request, now)
    one: Any = (opened or {}).get("opened")
    number, offered = getattr(one, "number", ""), every.offer_many(user)
    whole = f"{every.by_purpose[one.purpose].address}{number}/?whole={YES}" if one else ""
    place = find_place_among(every, placed.rows, request.GET, number=number, whole=whole)
    look = RowLook(
        query=place.query,
        below=every.below,
        here=number,
        pick=bool(offered),
        picked=frozenset(list_picked(request)),
        companies=placed.names_companies,
    )
    due, later = placed.groups(TITLES), placed.groups(LATER)
    context = {
        "now": now,
        **saved_views.describe(every, request, problem),
        "kinds": every.kinds.items(),
        "sorts": SORTS,
        "sort": choose_sort(request.GET),
        "many": offered,
        "nothing": bulk.tell_refused(request),
        "may_assign": any(may(user, ASSIGN, work.purpose) for work in lists),
        "may_export": bool(exported := list_exported(lists, user)),
        "exported": exported if len(exported) < len(lists) else (),
        "incidents": placed.incidents(now),
        "groups": due,
        "later": later,
        "look": look,
        "later_look": replace(look, quiet=bool(due)),
        "place": place,
        "seen": [] if lists else list_seen(user),
        "audits": may(user, LOG) and not readable(user),
        **({} if one else _describe_figures(request, lists, now)),
        **(opened or {}),
    }
    return render(request, "console/work.html", context, status=status)


def _describe_figures(request: HttpRequest, lists: Sequence[WorkList], now: datetime) -> Mapping[str, object]:
    """What failed, and how old and how late requests are."""
    operates = may(user_of(request), OPERATE)
    counted = figures.count_work(lists, now, site().brand.zone)
    charts = _chart_ages(counted)
    return {
        "failed": operations.list_failed_work() if operates else [],
        "operates": operates,
        "age_charts": charts,
        "promised": _list_promised(lists),
        "states": counted.states,
        "kept": counted.kept,
        "kept_stripes": not charts,  # else a chart above has drawn them
        "days": figures.DAYS,
    }


def _chart_ages(counted: figures.CountedWork) -> list[AgeChart]:
    """Those in which there is a request."""
    heading = _("Open requests by age")
    title = _("Open requests by business days since received")
    ours = AgeChart("age", heading, title, _("Business days"), list_ages(counted.days))
    if ours.count:
        heading = _("Open privacy requests by age")
    title = _("Open requests by days since received")
    laws = AgeChart("law-age", heading, title, _("Days"), list_law_ages(counted.law))
    return [chart for chart in (ours, laws) if chart.count]


def list_ages(received: figures.Days) -> list[Age]:
    """Open requests by business days since received."""
    brand = site().brand
    today = timezone.localdate(timezone=brand.zone)
    return _list_ages((brand.calendar.count(day, today), late, others) for day, late, others in received)


def list_law_ages(received: figures.Days) -> list[Age]:
    """Open requests with a law's clock by days since received, LAW_STEP a bar."""
    today = timezone.localdate(timezone=site().brand.zone)
    return _list_ages(((max((today - day).days, 0), late, others) for day, late, others in received), step=LAW_STEP)


def _list_ages(received: Iterable[tuple[int, int, int]], *, step: int = 1) -> list[Age]:
    """Bars of this many days each, of those received so many days ago.

    Takes   received: days since, how many of these are late, and how many aren't"""
    counts = [(0, 0)] * (OLDEST + 1)
    for days, late, others in received:
        at = min(days // step, OLDEST)
        counts[at] = (counts[at][0] + others, counts[at][1] + late)
    return [_age(at * step, step, others, late) for at, (others, late) in enumerate(counts)]


def _list_promised(lists: Sequence[WorkList]) -> list[Answered]:
    """What the policy promises of these lists, where it does."""
    stated = in_force.policy().promises
    found = ((work.title, stated.get(work.promise), promises.find_promise(work.promise)) for work in lists)
    return [Answered(title, promises.in_words(time), it.section) for title, it, time in found if it and time]


def _age(days: int, step: int, others: int, late: int) -> Age:
    last = days + step - 1
    if days == 0:
        label, words = f"< {step}", _("under %d") % step
    elif days == OLDEST * step:
        label, words = f"{days}+", _("%d or more") % days
    else:
        label = words = str(days) if step == 1 else f"{days}–{last}"
    return Age(words, Bar(label, others, late, late=bool(late)))
