"""The figures of the first page: requests by state, and whether they were answered in time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from troth.cases.models import Case
from troth.desk.charts import Bar
from troth.desk.worklist import WorkList
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
    states: Counter[str] = Counter()
    kept = [0, 0, 0]
    for state, count, *times in _count(lists, now):
        states[state] += count
        kept = [before + more for before, more in zip(kept, times, strict=True)]
    labels = (_("In time"), _("Late"), _("Open and late"))
    return (
        Figures([Bar(in_words(state), states[state]) for state, _title in Case.STATES]),
        Figures([Bar(label, kept[at], late=at > 0) for at, label in enumerate(labels)]),
    )


def _count(lists: Sequence[WorkList], now: datetime) -> "QuerySet[Any, tuple[Any, ...]]":
    """For each list and state: all, answered in time, answered late, open and late."""
    answered = Q(state=Case.ANSWERED, answered_utc__gte=now - timedelta(days=DAYS))
    in_time = Q(answered_utc__lte=F("due_utc"))
    late = Q(state__in=(Case.UNVERIFIED, Case.OPEN), due_utc__lt=now)
    wanted = {"all": Count("pk")}
    wanted |= {
        name: Count("pk", filter=which)
        for name, which in (("kept", answered & in_time), ("broken", answered & ~in_time), ("late", late))
    }
    first, *others = (
        work.rows().order_by().values("state").annotate(**wanted).values_list("state", *wanted) for work in lists
    )
    counted: QuerySet[Any, tuple[Any, ...]] = first.union(*others, all=True)
    return counted
