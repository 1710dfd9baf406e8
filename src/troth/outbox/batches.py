"""Sendings to many: how far one is, and when it stops by itself.

Too many refusals or complaints harm all our other email, so the rest of such a sending is held until a member of staff
resumes it. What was counted before that counts no more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet

from troth import gate, queue
from troth.outbox import claims, emails
from troth.outbox.claims import spread_by_pace
from troth.outbox.faults import NOBODY
from troth.outbox.models import EmailBatch, QueuedEmail

State = QueuedEmail.State
LEAST_REFUSALS, MOST_REFUSED = 20, 0.05
"""Of the emails that left, this many and this share refused stop a sending."""
MOST_COMPLAINTS = 0.003
"""Complaints, as a share of all that it was planned for."""
STOPS = (claims.STOPPED, claims.TOO_MANY, claims.COMPLAINTS)
"""Why an email is held until its sending is resumed."""


class BatchStopped(Exception):
    """The sending was stopped, so nobody else is planned."""


@dataclass(frozen=True)
class BatchCount:
    """A sending in figures: its emails by state, those whose address is dead, and complaints.

    `all_planned`: nobody else is planned for it."""

    planned: int
    waiting: int
    sent: int
    failed: int
    nobody: int
    held: int
    refused: int
    unknown: int
    complaints: int
    all_planned: bool


def begin(id: UUID, *, email: str, at_utc: datetime, pace: int = 0) -> None:
    EmailBatch.objects.get_or_create(pk=id, defaults={"template": email, "begun_utc": at_utc, "pace": pace})


def check_going(id: UUID) -> None:
    """In the transaction that plans: a stop waits for it, or it for the stop.   Raises  BatchStopped."""
    if not gate.is_batch_going(id):
        raise BatchStopped


def note_planned(id: UUID, *, at_utc: datetime) -> None:
    """All are planned: the sending has ended once all of them left."""
    EmailBatch.objects.filter(pk=id).update(planned_utc=at_utc)


def reopen(id: UUID) -> None:
    """More are planned for it, though all that were planned had left."""
    EmailBatch.objects.filter(pk=id).update(planned_utc=None, ended_utc=None)


def stop(id: UUID, *, why: str = claims.STOPPED) -> bool:
    """Whether it went on until now: what is not on its way to the mail server is held."""
    with transaction.atomic():
        batch = EmailBatch.objects.select_for_update(no_key=True).filter(pk=id, stopped="").first()
        if batch is None:
            return False
        batch.stopped = why
        batch.save(update_fields=["stopped"])
        # Those being claimed now are waited for, so that the second statement finds them.
        QueuedEmail.objects.filter(batch=id, state=State.PLANNED).update(state=State.HELD, why=why)
        _hold_claimed(id, why)
        emails.tell_stopped(batch.template, id, why)
    return True


def resume(id: UUID, *, at_utc: datetime) -> str:
    """The lane to be woken: the rest leaves in it, and it ends a sending of which nothing is left.

    Empty if nothing was planned yet. In the caller's transaction."""
    found = EmailBatch.objects.select_for_update(no_key=True).filter(pk=id).first()
    if found is None:
        return ""
    figures = count(id)
    found.stopped, found.refused_before, found.complaints_before = "", figures.failed, figures.complaints
    found.save(update_fields=["stopped", "refused_before", "complaints_before"])
    all_of_it = QueuedEmail.objects.filter(batch=id)
    lane = all_of_it.values_list("lane", flat=True).first() or ""
    held = all_of_it.filter(state=State.HELD, why__in=STOPS)
    held.update(state=State.PLANNED, why="", next_try_utc=at_utc, useful_until_utc=None)
    if found.pace:
        spread_by_pace(id, found.pace, at_utc=at_utc)
    return lane


def find_stop(id: UUID) -> str:
    """Why its rest is held, as a code; "" while it goes on."""
    return EmailBatch.objects.filter(pk=id).values_list("stopped", flat=True).first() or ""


def list_stopped(ids: Iterable[UUID]) -> list[UUID]:
    """Those of these sendings of which the rest is held."""
    return list(EmailBatch.objects.filter(pk__in=list(ids)).exclude(stopped="").values_list("pk", flat=True))


def find_sent_after(id: UUID, sent_utc: datetime) -> datetime | None:
    """When the first of its emails left after that time; None where none did."""
    sent = QueuedEmail.objects.filter(batch=id, state=State.SENT, sent_utc__gt=sent_utc)
    return sent.order_by("sent_utc").values_list("sent_utc", flat=True).first()


def count(id: UUID) -> BatchCount:
    """The figures now.   Cost  2 queries"""
    wanted = {
        "planned": Count("pk"),
        "waiting": Count("pk", filter=Q(state__in=QueuedEmail.ON_ITS_WAY)),
        "nobody": Count("pk", filter=Q(state=State.FAILED, fault=NOBODY)),
        "complaints": Count("pk", filter=Q(complained=True)),
    }
    states = (State.SENT, State.FAILED, State.HELD, State.REFUSED, State.UNKNOWN)
    wanted |= {str(state): Count("pk", filter=Q(state=state)) for state in states}
    all_planned = EmailBatch.objects.filter(pk=id, planned_utc__isnull=False).exists()
    return BatchCount(**QueuedEmail.objects.filter(batch=id).aggregate(**wanted), all_planned=all_planned)


def guard(ids: Iterable[UUID | None]) -> None:
    """Stops those of these sendings that too many refuse, or complain about."""
    found = {id for id in ids if id}
    for batch in EmailBatch.objects.filter(pk__in=found, stopped="") if found else ():
        if why := _find_reason(batch):
            stop(batch.pk, why=why)


def end_finished() -> int:
    """How many sendings have ended: all of their emails left, but for those that a mail server put off."""
    ended = 0
    for batch in _list_open():
        left = Q(state=State.CLAIMED) | Q(state=State.PLANNED, waiting_since_utc=None)
        if not QueuedEmail.objects.filter(left, batch=batch.pk).exists():
            ended += _end(batch.pk)
    return ended


def _hold_claimed(id: UUID, why: str) -> None:
    """Those that were claimed and have not begun: their senders leave out what is no longer claimed."""
    claimed = QueuedEmail.objects.filter(batch=id, state=State.CLAIMED, begun_utc=None)
    # Locked ones are beginning at this moment.
    found = list(claimed.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True))
    QueuedEmail.objects.filter(pk__in=found).update(state=State.HELD, why=why)


def _list_open() -> "QuerySet[EmailBatch]":
    return EmailBatch.objects.filter(planned_utc__isnull=False, ended_utc=None, stopped="")


def _end(id: UUID) -> bool:
    with transaction.atomic():
        batch = _list_open().select_for_update(no_key=True).filter(pk=id).first()
        if batch is None:
            return False
        last = QueuedEmail.objects.filter(batch=id).aggregate(last_utc=Max("sent_utc"))
        batch.ended_utc = last["last_utc"] or queue.now()
        batch.save(update_fields=["ended_utc"])
        emails.tell_ended(batch.template, id, batch.ended_utc)
    return True


def _find_reason(batch: EmailBatch) -> str:
    failed = QueuedEmail.objects.filter(batch=batch.pk, state=State.FAILED).count() - batch.refused_before
    complaints = QueuedEmail.objects.filter(batch=batch.pk, complained=True).count() - batch.complaints_before
    if failed < LEAST_REFUSALS and complaints <= 0:
        return ""
    figures = count(batch.pk)
    if complaints >= max(1, ceil(MOST_COMPLAINTS * figures.planned)):
        return claims.COMPLAINTS
    too_many = failed >= LEAST_REFUSALS and failed >= MOST_REFUSED * (failed + figures.sent)
    return claims.TOO_MANY if too_many else ""
