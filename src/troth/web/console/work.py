"""The console's first page: what to do first, what waits, what failed, and how old requests are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth import in_force
from troth.desk import views
from troth.desk.charts import Bar
from troth.desk.placing import ALARMS, WAITING
from troth.desk.sorting import SORTS
from troth.desk.staff import ASSIGN, OPERATE, may, staff_only, user_of
from troth.desk.worklist import WorkList
from troth.site import site
from troth.web.console import figures, operations
from troth.web.console.groups import list_worked, place_work
from troth.web.console.lists import EveryList, choose_sort
from troth.wording import Words
from troth.words import promises

OLDEST = 5


@dataclass(frozen=True)
class Age:
    """How many open requests came in that many business days ago: the second part of the bar is late."""

    text: str
    bar: Bar


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
    every = EveryList(list_worked(user_of(request)))
    if request.method != "POST":
        return _show(request, every)
    try:
        return views.change(request, every)
    except views.NoView as problem:
        return _show(request, every, problem)


def _show(request: HttpRequest, every: EveryList, problem: views.NoView | None = None) -> HttpResponse:
    now, user, lists = timezone.now(), user_of(request), every.lists
    operates = may(user, OPERATE)
    placed = place_work(every, request, now)
    counted = figures.count_work(lists, now, site().brand.zone)
    ages = list_ages(counted.days)
    context = {
        "now": now,
        **views.describe(every, request, problem),
        "kinds": every.kinds.items(),
        "sorts": SORTS,
        "sort": choose_sort(request.GET),
        "may_assign": any(may(user, ASSIGN, work.purpose) for work in lists),
        "incidents": placed.incidents(now),
        "groups": placed.groups(),
        "waiting": placed.lines.get(WAITING, ()),
        "waiting_count": placed.count(WAITING),
        "alarms": placed.lines.get(ALARMS, ()),
        "alarm_count": placed.count(ALARMS),
        "companies": any(line.company for lines in placed.lines.values() for line in lines),
        "failed": operations.list_failed_work() if operates else [],
        "operates": operates,
        "ages": ages,
        "bars": [age.bar for age in ages],
        "promised": _list_promised(lists),
        "open_count": sum(age.bar.total for age in ages),
        "states": counted.states,
        "kept": counted.kept,
        "kept_stripes": not any(age.bar.total for age in ages),  # else the chart above has drawn them
        "days": figures.DAYS,
    }
    return render(request, "console/work.html", context, status=400 if problem else 200)


def list_ages(received: Sequence[tuple[date, int, int]]) -> list[Age]:
    """Open requests by business days since received.

    Takes   received: day, how many of it are late, and how many aren't"""
    brand, counts = site().brand, [(0, 0)] * (OLDEST + 1)
    today = timezone.localdate(timezone=brand.zone)
    for day, late, others in received:
        at = min(brand.calendar.count(day, today), OLDEST)
        counts[at] = (counts[at][0] + others, counts[at][1] + late)
    return [_age(days, others, late) for days, (others, late) in enumerate(counts)]


def _list_promised(lists: Sequence[WorkList]) -> list[Answered]:
    """What the policy promises of these lists, where it does."""
    stated = in_force.policy().promises
    found = ((work.title, stated.get(work.promise), promises.find_promise(work.promise)) for work in lists)
    return [Answered(title, promises.in_words(time), it.section) for title, it, time in found if it and time]


def _age(day: int, others: int, late: int) -> Age:
    label = _("< 1") if day == 0 else f"{day}+" if day == OLDEST else str(day)
    words = _("under 1") if day == 0 else _("%d or more") % day if day == OLDEST else str(day)
    return Age(words, Bar(label, others, late, late=bool(late)))
