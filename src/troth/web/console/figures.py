"""The figures of the first page: requests by state, and whether they were answered in time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q
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


def count_states(lists: Iterable[WorkList]) -> Figures:
    """How many requests are in each state, ended ones too."""
    counted: Counter[str] = Counter()
    for work in lists:
        counted.update(dict(work.rows().values_list("state").annotate(Count("pk")).order_by()))
    return Figures([Bar(in_words(state), counted[state]) for state, _title in Case.STATES])


def count_kept(lists: Iterable[WorkList], now: datetime) -> Figures:
    """How many were answered in time and late within DAYS, and how many are late and not answered."""
    counted = [0, 0, 0]
    in_time = Q(answered_utc__lte=F("due_utc"))
    for work in lists:
        answered = work.rows().filter(state=Case.ANSWERED, answered_utc__gte=now - timedelta(days=DAYS))
        for at, found in enumerate((answered.filter(in_time), answered.exclude(in_time), work.late(now))):
            counted[at] += found.count()
    labels = (_("In time"), _("Late"), _("Open and late"))
    return Figures([Bar(label, counted[at], late=at > 0) for at, label in enumerate(labels)])
