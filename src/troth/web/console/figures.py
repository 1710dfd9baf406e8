"""The figures of the first page: requests by state, and whether they were answered in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from troth.cases.models import Case
from troth.desk.charts import Bar
from troth.desk.worklist import WorkList
from troth.records.calls import rows
from troth.words.codes import in_words

DAYS = 90


@dataclass(frozen=True)
class Figures:
    """One chart with its total. Its table has the same labels and values."""

    bars: list[Bar]

    @property
    def total(self) -> int:
        return sum(bar.value for bar in self.bars)


def count_figures(lists: Sequence[WorkList], now: datetime) -> tuple[Figures, Figures]:
    """How many requests are in each state, and how many were answered in time, late, or are late and unanswered.

    In time and late count the last DAYS.   Cost  1 query"""
    purposes = _purposes(lists)
    found = dict(rows(_COUNTED, [purposes, purposes, now - timedelta(days=DAYS), purposes, now]))
    labels = {"kept": _("In time"), "broken": _("Late"), "late": _("Open and late")}
    return (
        Figures([Bar(in_words(state), found.get(f"state {state}", 0)) for state, _title in Case.STATES]),
        Figures([Bar(label, found.get(name, 0), late=name != "kept") for name, label in labels.items()]),
    )


def count_by_day(lists: Sequence[WorkList], zone: tzinfo) -> list[tuple[date, int]]:
    """How many requests without a law's clock are open, by the day on which they came in.   Cost  1 query"""
    found = Case.objects.filter(purpose__in=_purposes(lists), state=Case.OPEN, law_utc=None)
    by_day = found.order_by().values_list(TruncDate("received_utc", tzinfo=zone))
    return list(by_day.annotate(requests=Count("pk")))


def _purposes(lists: Sequence[WorkList]) -> list[str]:
    return [work.purpose for work in lists]


_COUNTED = """
    select 'state ' || state, count(*) from request_case where purpose = any (%s) group by state
    union all
    select case when answered_utc <= due_utc then 'kept' else 'broken' end, count(*) from request_case
    where purpose = any (%s) and state = 'answered' and answered_utc >= %s group by 1
    union all
    select 'late', count(*) from request_case
    where purpose = any (%s) and state in ('unverified', 'open') and waits_for = ''
      and due_utc < %s
"""
