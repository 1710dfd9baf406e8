"""A customer's end of a request: the act as the next page reads it, and its undoing where a reply would open it too."""

from datetime import datetime

from django.utils import timezone

from troth.cases.models import Case
from troth.cases.thread import writing
from troth.desk.done import PerformedAct

WITHDRAWN, CLOSED, REOPENED = "portal/withdrawn", "portal/closed", "portal/reopened"


def perform_end(act: str, before: Case, *, at_utc: datetime, page: str) -> PerformedAct:
    """The act that ended it.   Takes  before: the request as it was until then"""
    until = before.waits_until_utc
    facts = (before.number, before.due_utc.isoformat(), before.waits_for, until.isoformat() if until else "")
    return PerformedAct(act, facts, at_utc, page)


def reopen(case: Case, act: PerformedAct) -> PerformedAct | None:
    """Opens the request that this act ended; None where it changed since.   Takes  case: which they may act on"""
    number, due, waits_for, until = act.facts
    reopened = number == case.number and writing.reopen(
        case.pk,
        ended=Case.ANSWERED if act.id == CLOSED else Case.WITHDRAWN,
        due_utc=datetime.fromisoformat(due),
        waits_for=waits_for,
        waits_until_utc=datetime.fromisoformat(until) if until else None,
        at_utc=timezone.now(),
    )
    return PerformedAct(REOPENED, (), timezone.now(), act.page) if reopened else None
