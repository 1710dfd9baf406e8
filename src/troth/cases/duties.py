"""Timed duties: reminders to staff, the notice before the deadline, and closing what nobody verified.

Each looks under the case's own lock whether it is still to be done, so that a job that runs again does nothing twice.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from troth.cases import actions, events
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.records import stepping

NOT_VERIFIED = "not verified"


def remind(id: UUID, share: int, *, at_utc: datetime) -> None:
    """Adds to the request how much of its time has passed, for staff to see."""
    with transaction.atomic():
        case = _living(id)
        if case is not None and share > case.reminded:
            case.reminded = share
            case.save(update_fields=["reminded"])
            events.add(case, "reminder", who=actions.PROGRAM, at_utc=at_utc, words=str(share))


def notice(id: UUID, *, at_utc: datetime) -> None:
    """Emails the person why there is no answer yet, and the next steps.   Policy  #A4"""
    with transaction.atomic():
        case = _living(id)
        if case is not None and case.noticed_utc is None and case.person_id is not None:
            case.noticed_utc = at_utc
            case.save(update_fields=["noticed_utc"])
            events.add(case, "notice", who=actions.PROGRAM, at_utc=at_utc)
            events.write(case, "notice")


def resume(id: UUID, *, at_utc: datetime) -> None:
    """The time until which it was put off, or waited for the person, is over: it's our turn, due as if it came now."""
    with transaction.atomic():
        case = _living(id)
        waited = case is not None and case.waits_until_utc is not None and case.waits_until_utc <= at_utc
        if case is not None and waited and case.state == Case.OPEN:
            change = {"waits_for": "", "waits_until_utc": None, "due_utc": kind_of(case).clock(at_utc).due_utc}
            events.add(case, "resumed", who=actions.PROGRAM, at_utc=at_utc, change=change)


def close(id: UUID, *, at_utc: datetime) -> None:
    """Denies a request that nobody verified in time."""
    with transaction.atomic():
        case = _living(id)
        if case is not None and case.state == Case.UNVERIFIED:
            actions.deny(id, basis=NOT_VERIFIED, at_utc=at_utc, who=actions.PROGRAM)


def tidy() -> int:
    """Deletes cases 24 months after they closed, and returns how many; approved ones stay.   Source  11 CCR 7101"""
    return stepping.forget(at_most=1000)


def _living(id: UUID) -> Case | None:
    return Case.objects.select_for_update().filter(pk=id, state__in=Case.LIVING).first()
