"""When a request that is talked about was first answered, and whether that was in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.cases.thread import CaseMessage
from troth.security.actors import STAFF


@dataclass(frozen=True)
class AnswerTimes:
    """`first_utc`: None before the first answer; `span`: how long that took; `owed`: whether one is due now."""

    first_utc: datetime | None
    span: str
    in_time: bool
    owed: bool


def find_times(case: Case, messages: Iterable[CaseMessage]) -> AnswerTimes:
    """When a request was first answered, and whether an answer is due.   Takes  messages: of it, oldest first"""
    first = next((each.at_utc for each in messages if each.who.startswith(STAFF) and each.way == "console"), None)
    owed = case.state in (Case.UNVERIFIED, Case.OPEN) and not case.waits_for
    if first is None:
        return AnswerTimes(None, "", in_time=False, owed=owed)
    in_time = first <= kind_of(case).clock(case.received_utc).due_utc
    return AnswerTimes(first, write_span(first - case.received_utc), in_time=in_time, owed=owed)


def write_span(span: timedelta) -> str:
    """For example 1 h 29 min; whole days of two or more."""
    minutes = max(0, ceil(span / timedelta(minutes=1)))
    days, hours = divmod(minutes // 60, 24)
    if days > 1:
        return ngettext("%d day", "%d days", days) % days
    hours += 24 * days
    return (
        _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes % 60} if hours else _("%d min") % minutes
    )
