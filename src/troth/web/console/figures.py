"""The figures of the first page: requests by state, and whether they were answered in time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from django.utils.translation import gettext as _

from troth.cases.models import Case
from troth.desk.charts import Bar, Figures
from troth.desk.lists import placing
from troth.desk.lists.worklist import WorkList
from troth.words.codes import in_words

DAYS = 90
Days = Sequence[tuple[date, int, int]]


@dataclass(frozen=True)
class CountedWork:
    """How many requests are in each state, how many were answered in time, and when those that are open came in.

    What ended counts for the last DAYS.

    days   those of requests without a law's clock, with how many of these are late and how many aren't
    law    as days, of requests with one"""

    states: Figures
    kept: Figures
    days: Days
    law: Days


def count_work(lists: Sequence[WorkList], now: datetime, zone: tzinfo) -> CountedWork:
    """The requests of these lists, by the days of this time zone.   Cost  1 query"""
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    for of, name, count in placing.count(lists, since=now - timedelta(days=DAYS), now=now, zone=str(zone)):
        counted[of][name] = count
    labels = {"kept": _("In time"), "broken": _("Late"), "late": _("Open and late")}
    states, kept = counted["state"], counted["kept"]
    states[Case.ANSWERED] = kept.get("kept", 0) + kept.get("broken", 0)
    return CountedWork(
        Figures(
            [Bar(in_words(state), states.get(state, 0)) for state, _title in Case.STATES if _is_drawn(state, states)]
        ),
        Figures([Bar(label, kept.get(name, 0), late=name != "kept") for name, label in labels.items()]),
        days=_list_days(counted, "day"),
        law=_list_days(counted, "law's day"),
    )


def _list_days(counted: Mapping[str, Mapping[str, int]], clock: str) -> Days:
    late = counted[f"late {clock}"]
    return [(date.fromisoformat(day), late[day], count) for day, count in counted[clock].items()]


def _is_drawn(state: str, states: Mapping[str, int]) -> bool:
    """A state in which there is a request, and in any case those between which the work lies."""
    return bool(states.get(state)) or state in (Case.OPEN, Case.ANSWERED)
