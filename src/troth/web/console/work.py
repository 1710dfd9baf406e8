"""The console's first page: what to do first, what waits, what failed, and how old requests are."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from troth.cases.models import Case
from troth.catalog import deadlines
from troth.desk import index
from troth.desk.charts import Bar
from troth.desk.staff import OPERATE, may, staff_only, user_of
from troth.policy.terms import Duration
from troth.site import site
from troth.text import code
from troth.web.console import figures, operations
from troth.web.console.groups import list_incidents, list_worked, make_groups, read_rows
from troth.words import promises

MOST = 25
OLDEST = 5
_BUSINESS_DAY = Duration(1, "business day")


@dataclass(frozen=True)
class Age:
    """How many open requests came in that many business days ago."""

    text: str
    bar: Bar


@require_safe
@staff_only
def work(request: HttpRequest) -> HttpResponse:
    """What the signed-in user has to do, most urgent first; the charts show whether what we promise holds."""
    now, user = timezone.now(), user_of(request)
    operates = may(user, OPERATE)
    lists = list_worked(user)
    rows = read_rows(lists, user)
    alarmed = sorted((row for row in rows if row.case.alarm), key=lambda row: row.case.received_utc, reverse=True)
    due = [row.case for row in rows if row.case.state == Case.OPEN]
    ages = ages_of([case.received_utc for case in due if case.law_utc is None])
    states, kept = figures.count_figures(lists, now)
    context = {
        "now": now,
        "incidents": list_incidents(rows, now),
        "groups": make_groups(rows, now, whole=code(request.GET.get("all", ""))),
        "waiting": [row.line(now) for row in rows if row.case.state == Case.RECEIVED],
        "alarms": [row.line(now) for row in alarmed[:MOST]],
        "alarm_count": len(alarmed),
        "emails": operations.count_stopped() if operates else 0,
        "failed": operations.list_failed_work() if operates else [],
        "operates": operates,
        "ages": ages,
        "bars": [age.bar for age in ages],
        "limit": promises.in_words(Duration(_limit(), "business day")),
        "promised": bool(_list_promised()),
        "open_count": sum(age.bar.value for age in ages),
        "states": states,
        "kept": kept,
        "days": figures.DAYS,
    }
    return render(request, "console/work.html", context)


def ages_of(received: list[datetime]) -> list[Age]:
    """Open requests by business days since received; past the limit the promise is broken."""
    now, brand = timezone.now(), site().brand
    days = [min(deadlines.working_days(since_utc, now, brand.zone, brand.calendar), OLDEST) for since_utc in received]
    limit = _limit()
    return [_age(day, days.count(day), limit=limit) for day in range(OLDEST + 1)]


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
