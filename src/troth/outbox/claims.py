"""Taking emails from the queue: what nobody should get is sorted out, and the law is asked for all others at once.

    planned -> claimed     it may leave now
            -> refused     the policy, a choice, or a suppressed address does not let it
            -> held        too late to be of use, or all mail is held after a restore

The law is asked by the statement that claims, so a choice committed before always wins.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from troth import gate, in_force, queue
from troth.outbox import emails, suppression
from troth.outbox.emails import MailLane
from troth.outbox.models import FAREWELL, PERSON, EmailBatch, LanePause, MailHold, QueuedEmail
from troth.outbox.notes import note_refused
from troth.policy.lengths import Duration
from troth.queries import PreparedQuery, Slot, write_array
from troth.seal import vault
from troth.security import proofs

LASTS = timedelta(minutes=5)
"""After so long a claim is of a process that died: each email of it begins within two minutes, or is given back."""
LATE = "late"
"""Why an email is held whose last useful moment has passed."""
INTERRUPTED = "interrupted"
"""Why it is unknown whether an email left, or why it is sent again."""
TOO_MANY, COMPLAINTS, STOPPED = "too many refusals", "complaints", "stopped"
"""Why the rest of a sending to many is held."""
GIVEN_UP = "given up"
"""Why an email is refused that staff decided not to send."""
KEPT = "emails.recorded"
"""The promise that says how long the row of an email is kept."""
_KEPT_OTHERWISE = Duration(25, "month")
"""Where the policy does not say: a month longer than the log of requests, which quotes it."""
_A_SWEEP, _AT_ONCE = 500, 5_000
_A_TURN, _LATE_BY = timedelta(minutes=1), timedelta(minutes=2)
"""Emails of a sending with a pace leave minute by minute, and wait for turns of their own when these were missed."""
State = QueuedEmail.State
_HOLD = PreparedQuery(lambda: MailHold.objects.filter(released_utc=None).values_list("pk")[:1])
_BY_ID = PreparedQuery(
    lambda: _lock(QueuedEmail.objects.filter(pk__any=Slot("ids"), state=State.PLANNED).order_by("pk"))
)


@dataclass(frozen=True)
class ClaimedEmail:
    """An email that may leave, and the grant by which it is read; a finished one reads nothing."""

    email: QueuedEmail
    grant: gate.Grant | None


def claim(ids: Sequence[UUID]) -> list[ClaimedEmail]:
    """Those of these emails that may leave now, committed. Who claims an email first has it."""
    return _claim(partial(_BY_ID.list, ids=write_array(ids))) or []


def claim_due(lane: MailLane, *, most: int, at_utc: datetime) -> list[ClaimedEmail] | None:
    """Of the next emails of a lane whose time has come those that may leave; None if there is none.

    Those to paused domains are left out."""
    return _claim(partial(_make_due(most).list, lane=lane, at_utc=at_utc))


def list_due(lane: MailLane | Slot, *, at_utc: datetime | Slot) -> QuerySet[QueuedEmail]:
    """What of a lane is to leave by now."""
    due = Q(next_try_utc=None) | Q(next_try_utc__lte=at_utc)
    return QueuedEmail.objects.filter(due, lane=lane, state=State.PLANNED)


def spread_by_pace(batch: UUID, pace: int, *, at_utc: datetime) -> None:
    """What of the sending is still to leave does so from now on, minute by minute, as many in an hour as its pace.

    A turn that comes late by less than two minutes leaves with the next one.

    Takes   pace: emails an hour, at least 60"""
    gate.spread_emails(batch, count=max(1, int(pace * (_A_TURN / timedelta(hours=1)))), each=_A_TURN, at_utc=at_utc)


def settle(*, at_utc: datetime) -> int:
    """How many emails of processes that died were settled.

    One that had not begun to leave is planned again, and so is one of service or security that had: under its
    Message-ID, so that no mailbox shows it twice. A marketing email that may have left is never sent again: its state
    stays unknown."""
    left = QueuedEmail.objects.filter(state=State.CLAIMED, claimed_utc__lte=at_utc - LASTS)
    with transaction.atomic():
        locked = left.select_for_update(no_key=True, skip_locked=True)
        found = list(locked.values_list("pk", "lane", "begun_utc")[:_A_SWEEP])
        lost = [id for id, lane, begun in found if begun and lane == MailLane.MARKETING]
        again = [id for id, _lane, _begun in found if id not in set(lost)]
        QueuedEmail.objects.filter(pk__in=lost).update(state=State.UNKNOWN, why=INTERRUPTED)
        QueuedEmail.objects.filter(pk__in=again).update(state=State.PLANNED, why=INTERRUPTED, next_try_utc=at_utc)
    return len(found)


def give_back(claimed: Sequence[QueuedEmail]) -> None:
    """Emails that were claimed and did not leave: another job may claim them at once."""
    if claimed:
        ids = [email.pk for email in claimed]
        QueuedEmail.objects.filter(pk__in=ids, state=State.CLAIMED).update(state=State.PLANNED)


def find_kept() -> Duration:
    """How long the row of an email is kept, as the policy says."""
    stated = in_force.policy().promises.get(KEPT)
    return (stated.within if stated else None) or _KEPT_OTHERWISE


def tidy(*, at_utc: datetime) -> int:
    """Deletes the rows of emails that ended longer ago than the policy says; returns how many."""
    ended = (State.SENT, State.REFUSED, State.FAILED, State.UNKNOWN)
    before_utc = find_kept().before(at_utc)
    old = QueuedEmail.objects.filter(state__in=ended, queued_utc__lt=before_utc)
    EmailBatch.objects.filter(ended_utc__lt=before_utc).delete()
    gone = list(old.values_list("pk", flat=True)[:_AT_ONCE])
    QueuedEmail.objects.filter(pk__in=gone).delete()
    return len(gone)


@cache
def _make_due(most: int) -> PreparedQuery[QueuedEmail]:
    """So many of the next emails of a lane at a time, locked."""
    lane, now = Slot("lane"), Slot("at_utc")
    paused = LanePause.objects.filter(lane=lane, until_utc__gt=now).exclude(domain="").values("domain")
    return PreparedQuery(
        lambda: _lock(list_due(lane, at_utc=now).exclude(domain__in=paused).order_by("next_try_utc")[:most])
    )


def _lock(wanted: QuerySet[QueuedEmail]) -> QuerySet[QueuedEmail]:
    return wanted.select_for_update(no_key=True, skip_locked=True)


def _claim(list_locked: Callable[[], list[QueuedEmail]]) -> list[ClaimedEmail] | None:
    now = queue.now()
    with transaction.atomic():
        found = list_locked()
        if not found:
            return None
        if _HOLD.first():
            _hold(found, gate.AFTER_RESTORE)
            return []
        going = _list_going(found, at_utc=now)
        asked = _revise([email for email in going if not _stop(email, at_utc=now)])
        answers = gate.claim_emails([_ask(email) for email in asked], at_utc=now)
        claimed = [_take_up(email, answers[email.pk], at_utc=now) for email in asked if email.pk in answers]
    return [each for each in claimed if each.email.state == State.CLAIMED]


def _list_going(found: Sequence[QueuedEmail], *, at_utc: datetime) -> list[QueuedEmail]:
    """These without those of a stopped sending, which are held, and those that missed their turn, which get another."""
    many = {email.batch for email in found if email.batch}
    if not many:
        return list(found)
    out: set[UUID] = set()
    for batch in EmailBatch.objects.filter(~Q(stopped="") | Q(pace__gt=0), pk__in=many):
        of_it = [email for email in found if email.batch == batch.pk]
        if batch.stopped:
            _hold(of_it, batch.stopped)
            out.update(email.pk for email in of_it)
        elif late := [email.pk for email in of_it if _is_late(email, at_utc=at_utc)]:
            spread_by_pace(batch.pk, batch.pace, at_utc=at_utc)
            out.update(late)
    return [email for email in found if email.pk not in out]


def _is_late(email: QueuedEmail, *, at_utc: datetime) -> bool:
    """Whether its turn by the pace of its sending has passed: with others that are late it would leave all at once."""
    turn = email.next_try_utc if email.attempts == 0 else None
    return turn is not None and turn < at_utc - _LATE_BY


def _take_up(email: QueuedEmail, answer: gate.ClaimAnswer, *, at_utc: datetime) -> ClaimedEmail:
    """The email as its row is by now; one that is refused is noted."""
    email.state, email.why, email.permit = answer.state, answer.why, answer.permit
    email.attempts, email.claimed_utc, email.begun_utc = email.attempts + 1, at_utc, None
    if email.state == State.REFUSED:
        note_refused(email)
    return ClaimedEmail(email, answer.law if isinstance(answer.law, gate.Grant) else None)


def _ask(email: QueuedEmail) -> gate.EmailClaim:
    kinds = {*email.kinds, "email"} if email.to == PERSON else {*email.kinds}
    return gate.EmailClaim(
        email.pk, email.person_id, email.purpose, tuple(sorted(kinds)), email.request, topic=email.topic
    )


def _stop(email: QueuedEmail, *, at_utc: datetime) -> bool:
    """Whether the email must not leave for its own sake. Then nothing of the person is used, as their history says."""
    if email.attempts == 0 and email.useful_until_utc and at_utc > email.useful_until_utc:
        _hold([email], LATE)
        return True
    why = "" if email.to == FAREWELL else _find_refusal(email, at_utc=at_utc)
    if why:
        _refuse(email, why)
    return bool(why)


def _revise(found: Sequence[QueuedEmail]) -> list[QueuedEmail]:
    """Those that still have something to say, as their rooms say it by now."""
    revised = emails.revise(found)
    for email in found:
        if (facts := revised.get(email.pk)) is not None:
            email.facts = dict(facts)
            email.save(update_fields=["facts"])
        elif email.pk in revised:
            _refuse(email, emails.SETTLED)
    return [email for email in found if email.state != State.REFUSED]


def _refuse(email: QueuedEmail, why: str) -> None:
    email.state, email.why = State.REFUSED, why
    email.save(update_fields=["state", "why"])
    note_refused(email)


def _find_refusal(email: QueuedEmail, *, at_utc: datetime) -> str:
    if not emails.is_stated(email.template, purpose=email.purpose, policy=in_force.policy()):
        return emails.NOT_STATED
    proof = email.carries.proof
    if proof is not None and not proofs.hand_over(proof, at_utc=at_utc):
        return emails.SPENT  # the secret that it is about opens nothing any more: nobody should be mailed it
    if email.to_sealed_address is not None and suppression.is_suppressed(
        vault().open_address(bytes(email.to_sealed_address))
    ):
        return suppression.SUPPRESSED
    return ""


def _hold(found: Sequence[QueuedEmail], why: str) -> None:
    QueuedEmail.objects.filter(pk__in=[email.pk for email in found]).update(state=State.HELD, why=why)
