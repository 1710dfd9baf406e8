"""The request log of 24 months and its statistics, as page and CSV.   Source  11 CCR 7101, 7102"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from statistics import mean, median

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from troth.access.requests import desk
from troth.cases.clocks import LOG_MONTHS, months_before
from troth.cases.kinds import kind_of, kinds, name_end
from troth.cases.models import Case
from troth.cases.rights import RightsKind
from troth.desk.charts import Bar
from troth.desk.exporting import as_csv, name_time, write_code, write_time
from troth.desk.staff import LOG, may, staff_only, user_of
from troth.policy.lengths import Duration
from troth.words import promises


@dataclass(frozen=True)
class Count:
    """The outcomes of one kind of request in a year, and the days until an answer; None if there was none.

    `late`: answered after they were due, or due and not answered yet."""

    kind: str
    year: int
    received: int
    complied: int
    in_part: int
    denied: int
    median_days: float | None
    mean_days: float | None
    late: int

    @property
    def title(self) -> str:
        return str(kinds()[self.kind].title)


@require_safe
@staff_only
def log(request: HttpRequest) -> HttpResponse:
    """Date, nature, manner, response, and the basis of a denial: never who asked."""
    cases = _cases(request)
    counts, received = list(counts_of(cases)), by_month(cases, timezone.localtime())
    context = {
        "cases": [(case, kind_of(case).title) for case in cases],
        "counts": counts,
        "by_month": received,
        "bars": [bar for _, bar in received],
        "months": LOG_MONTHS,
        "kept": promises.in_words(Duration(LOG_MONTHS, "month")),
        "has_list": desk.WORK.is_for(user_of(request)),
    }
    return render(request, "requests/log.html", context)


@require_safe
@staff_only
def log_csv(request: HttpRequest) -> HttpResponse:
    """The log as CSV; it holds no value of anyone."""
    head = (
        _("Number"),
        name_time(_("Received")),
        _("Type"),
        _("How it arrived"),
        _("State"),
        name_time(_("Answered")),
        _("Outcome"),
        _("Basis"),
    )
    return as_csv(request, "privacy-requests", head, map(_row, _cases(request)))


@require_safe
@staff_only
def statistics_csv(request: HttpRequest) -> HttpResponse:
    """What happened to the requests, by kind and year."""
    head = (
        _("Type"),
        _("Year"),
        _("Received"),
        _("Completed"),
        _("Partly completed"),
        _("Denied"),
        _("Late"),
        _("Median days"),
        _("Mean days"),
    )
    rows = (
        (
            each.title,
            each.year,
            each.received,
            each.complied,
            each.in_part,
            each.denied,
            each.late,
            each.median_days,
            each.mean_days,
        )
        for each in counts_of(_cases(request))
    )
    return as_csv(request, "privacy-statistics", head, rows)


def by_month(cases: Iterable[Case], today: datetime) -> list[tuple[date, Bar]]:
    """Each of the last twelve months with its bar, the current one last, by the vendor's clock."""
    months = [divmod(today.year * 12 + today.month - 1 - back, 12) for back in range(11, -1, -1)]
    received = [timezone.localtime(case.received_utc) for case in cases]
    return [
        (
            (first := date(year, month + 1, 1)),
            Bar(formats.date_format(first, "M"), sum((at.year, at.month - 1) == (year, month) for at in received)),
        )
        for year, month in months
    ]


def counts_of(cases: Iterable[Case]) -> Iterable[Count]:
    """By kind and year of receipt, in the order of kinds."""
    found: dict[tuple[str, int], list[Case]] = {}
    for case in cases:
        found.setdefault((case.kind, case.received_utc.year), []).append(case)
    for kind, year in sorted(found, key=lambda key: (-key[1], list(kinds()).index(key[0]))):
        yield _count(kind, year, found[kind, year])


def _count(kind: str, year: int, cases: list[Case]) -> Count:
    natures = [case.nature for case in cases]
    now = timezone.now()
    days = [_days(case.received_utc, case.answered_utc) for case in cases if case.answered_utc]
    return Count(
        kind=kind,
        year=year,
        received=len(cases),
        complied=natures.count("complied") + natures.count("nothing held"),
        in_part=natures.count("complied in part"),
        denied=natures.count("denied"),
        median_days=round(median(days), 1) if days else None,
        mean_days=round(mean(days), 1) if days else None,
        late=sum((case.answered_utc or now) > case.due_utc for case in cases),
    )


def _row(case: Case) -> tuple[str, ...]:
    received, answered = write_time(case.received_utc), write_time(case.answered_utc)
    ways = (str(kind_of(case).title), write_code(case.manner), write_code(name_end(case, case.state)))
    return (case.number, received, *ways, answered, write_code(case.nature), case.basis)


def _days(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 86_400


def _cases(request: HttpRequest) -> list[Case]:
    if not may(user_of(request), LOG):
        raise Http404(_("The log is for the privacy team, administrators and auditors."))
    since = months_before(timezone.now(), LOG_MONTHS)
    logged = [kind.id for kind in kinds().values() if isinstance(kind, RightsKind)]
    return list(Case.objects.filter(received_utc__gte=since, kind__in=logged).order_by("-received_utc"))
