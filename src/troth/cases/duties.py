"""What the clock does by itself: reminders to staff, the notice of day 25, the end of what was never proven."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from troth import queue
from troth.cases import actions, events
from troth.cases.clocks import Clock
from troth.cases.models import Case
from troth.records import stepping

NOT_VERIFIED = "not verified"


def tick(*, at_utc: datetime) -> None:
    """Everything that is due by now of what has a clock by law, each case in a transaction of its own: one that fails
    delays no other."""
    living = Case.objects.filter(state__in=Case.LIVING).exclude(law_utc=None).values_list("pk", flat=True)
    queue.each(living, lambda case: _tick(case, at_utc=at_utc))


def tidy() -> int:
    """How many cases left the log as their 24 months are over; those that were approved stay.   Source  11 CCR 7101"""
    return stepping.forget(at_most=1000)


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
    if case.notice_utc and not case.noticed_utc and at_utc >= case.notice_utc and case.person_id is not None:
        case.noticed_utc = at_utc
        case.save(update_fields=["noticed_utc"])
        events.add(case, "notice", who=actions.PROGRAM, at_utc=at_utc)
        events.write(case, "notice")


def _clock(case: Case) -> Clock:
    return Clock(case.received_utc, case.confirm_utc, case.due_utc, case.law_utc or case.due_utc)
