"""What the clock does by itself: reminders to staff, the notice of day 25, the end of what was never proven."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from troth import queue
from troth.cases import actions, events
from troth.cases.clocks import LOG_MONTHS, Clock, months_before
from troth.cases.models import Case, CaseEvent

NOT_VERIFIED = "not verified"


def tick(*, at_utc: datetime) -> None:
    """Everything that is due by now, each case in a transaction of its own: one that fails delays no other."""
    living = Case.objects.filter(state__in=Case.LIVING).values_list("pk", flat=True)
    queue.each(living, lambda case: _tick(case, at_utc=at_utc))


def forgettable(*, at_utc: datetime) -> "QuerySet[Case]":
    """Ended cases older than the 24 months of the request log.   Source  11 CCR 7101"""
    return Case.objects.exclude(state__in=Case.LIVING).filter(answered_utc__lt=months_before(at_utc, LOG_MONTHS))


def tidy(*, at_utc: datetime) -> int:
    """How many cases left the log because their 24 months are over. What was approved stays in the ledger."""
    gone = forgettable(at_utc=at_utc).filter(approvals__isnull=True)
    ids = list(gone.values_list("pk", flat=True)[:1000])
    with transaction.atomic():
        CaseEvent.objects.filter(case__in=ids).delete()
        Case.objects.filter(pk__in=ids).delete()
    return len(ids)


def _tick(id: UUID, *, at_utc: datetime) -> None:
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=id)
        if case.state in Case.LIVING:
            _remind(case, at_utc=at_utc)
            _notice(case, at_utc=at_utc)
    if case.state == Case.UNVERIFIED and at_utc >= case.due_utc:
        actions.deny(case.id, basis=NOT_VERIFIED, at_utc=at_utc, who=actions.PROGRAM)


def _remind(case: Case, *, at_utc: datetime) -> None:
    share = _clock(case).reminders(at_utc)
    if share > case.reminded:
        case.reminded = share
        case.save(update_fields=["reminded"])
        events.add(case, "reminder", who=actions.PROGRAM, at_utc=at_utc, words=str(share))


def _notice(case: Case, *, at_utc: datetime) -> None:
    """The person without an answer hears the problem and the next steps.   Policy  #A4"""
    if case.noticed_utc is None and at_utc >= case.notice_utc and case.person_id is not None:
        case.noticed_utc = at_utc
        case.save(update_fields=["noticed_utc"])
        events.add(case, "notice", who=actions.PROGRAM, at_utc=at_utc)
        events.write(case, "notice")


def _clock(case: Case) -> Clock:
    return Clock(case.received_utc, case.confirm_utc, case.due_utc, case.law_utc)
