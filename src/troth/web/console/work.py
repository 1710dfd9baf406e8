"""The console's first page: what to do first, what waits, what failed, and how old requests are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth.desk import index, views
from troth.desk.charts import Bar
from troth.desk.placing import ALARMS, WAITING
from troth.desk.sorting import SORTS
from troth.desk.staff import ASSIGN, OPERATE, may, staff_only, user_of
from troth.policy.lengths import Duration
from troth.site import site
from troth.web.console import figures, operations
from troth.web.console.groups import list_worked, place_work
from troth.web.console.lists import EveryList, choose_sort
from troth.words import promises

OLDEST = 5
_BUSINESS_DAY = Duration(1, "business day")


@dataclass(frozen=True)
class Age:
    """How many open requests came in that many business days ago."""

    text: str
    bar: Bar


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
        "limit": promises.in_words(Duration(_limit(), "business day")),
        "promised": bool(_list_promised()),
        "open_count": sum(age.bar.value for age in ages),
        "states": counted.states,
        "kept": counted.kept,
        "kept_stripes": not any(age.bar.value for age in ages),  # else the chart above has drawn them
        "days": figures.DAYS,
    }
    return render(request, "console/work.html", context, status=400 if problem else 200)


def list_ages(received: Sequence[tuple[date, int]]) -> list[Age]:
    """Open requests by business days since received; past the limit the promise is broken.

    Takes   received: day → how many came in"""
    brand, counts = site().brand, [0] * (OLDEST + 1)
    today = timezone.localdate(timezone=brand.zone)
    for day, count in received:
        counts[min(brand.calendar.count(day, today), OLDEST)] += count
    limit = _limit()
    return [_age(days, count, limit=limit) for days, count in enumerate(counts)]


def _list_promised() -> list[Duration]:
    """Within which times the policy promises that the lists are answered."""
    found = (promises.find_promise(work.promise) for work in index.work_lists())
    return [time for time in found if time]


def _limit() -> int:
    """In business days, the shortest time that the policy promises; else our own target."""
    return min(ceil(time.days / _BUSINESS_DAY.days) for time in _list_promised() or [promises.TARGET])


def _age(day: int, count: int, *, limit: int) -> Age:
    over = day > limit
    label = _("< 1") if day == 0 else f"{day}+" if day == OLDEST else str(day)
    words = _("under 1") if day == 0 else _("%d or more") % day if day == OLDEST else str(day)
    return Age(_("%(days)s · late") % {"days": words} if over else words, Bar(label, count, late=over))
