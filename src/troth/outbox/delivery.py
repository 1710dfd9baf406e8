"""From claimed to sent: read by the claim's grant, write, hand over, note.

    claimed -> sent       the mail server has it
            -> planned    it says: later, or is away, or what is wrong is ours: tried again with growing pauses
            -> failed     it refuses it for good, or said later for two days
            -> held       its template does not render, or what is ours was not set right for two days
            -> unknown    a marketing email of which the server did not say whether it took it

An email interrupted between hand-over and note goes out again under the same Message-ID, but for marketing.
"""

import logging
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db import DatabaseError, transaction

from troth import due, gate, in_force
from troth.outbox import batches, claims, finished, pauses, suppression, transport, turns, writing
from troth.outbox.actions import TRY
from troth.outbox.claims import ClaimedEmail, give_back
from troth.outbox.emails import MailLane
from troth.outbox.layouts import Layouts
from troth.outbox.models import FAREWELL, PATIENCE, QueuedEmail
from troth.outbox.notes import note_failed, note_refused
from troth.outbox.replies import Whose
from troth.outbox.rounds import BegunEmail, MailRound
from troth.outbox.transport import Lines
from troth.outbox.written import WrittenEmail, lay_out
from troth.seal import vault

logger = logging.getLogger("troth.outbox")
SENT_AGAIN, RELEASED, GIVEN_UP = "email sent again", "email released", "email given up"
"""What the activity log calls what staff did with one."""
State = QueuedEmail.State


class DeliveryInsideTransaction(Exception):
    """Delivery was started inside an open transaction, which could still roll back what was sent."""


class NotWaiting(Exception):
    """Only an email that waits, failed or is held is sent again, or given up."""


def deliver(*email_ids: UUID) -> None:
    """These emails sent, refused, held, waiting or failed. What goes wrong in the program is raised; they wait."""
    refuse_inside_transaction()
    with Lines() as lines:
        send_each(claims.claim(email_ids), lines)


def refuse_inside_transaction() -> None:
    if transaction.get_connection().in_atomic_block:
        raise DeliveryInsideTransaction("An email is delivered outside any transaction.")


def send_each(batch: Sequence[ClaimedEmail], lines: Lines, layouts: Layouts | None = None) -> None:
    """These one after the other, until the mail server says something of every email: the rest is given back."""
    with in_force.one_law():
        round = MailRound(batch, layouts)
        try:
            send_round(round, lines)
        finally:
            round.settle()


def send_round(round: MailRound, lines: Lines) -> None:
    """By one connection, what others leave of the round."""
    while begun := round.take():
        left = deque(begun)
        try:
            while left and not round.stopped and round.is_young(left[0]):
                if not send(left.popleft(), lines, round):
                    round.stop()
        finally:
            give_back([each.email for each in left])


def send(begun: BegunEmail, lines: Lines, round: MailRound) -> bool:
    """One email that has begun, on its way; what the mail server says is written down.

    Gives   False if it was said of every email, so that the lane is paused."""
    email = begun.email
    try:
        written = _write(begun, round)
        if written is None:
            return True
        lines.hand_over(written, email.id)
    except writing.DoesNotRender as problem:
        _hold(email, problem.code)
    except transport.NotTaken as refusal:
        _note_refusal(email, refusal, at_utc=datetime.now(UTC))
        round.look_for_pauses()
        return not refusal.everywhere
    except gate.GrantRefused:
        _put_off(email, datetime.now(UTC) + pauses.SHORTEST)  # it took too long; the next claim asks the law again
    except DatabaseError:
        give_back([email])
        raise
    except Exception as error:
        logger.error("The email %s can't be sent.", email.id, exc_info=error)
        _hold(email, f"error {type(error).__name__}")
    else:
        _note_sent(email, round)
    return True


def send_again(email_id: UUID) -> QueuedEmail:
    """The email queued once more, with two days of patience of its own, in the caller's transaction.

    Raises  NotWaiting."""
    email = QueuedEmail.objects.select_for_update(no_key=True).get(id=email_id)
    if not can_send_again(email):
        raise NotWaiting
    suppression.lift_known_from(email.id)  # sending it again says that the address is right
    email.waiting_since_utc, email.useful_until_utc = None, None
    due.cancel(TRY, about=email.id)
    _queue(email)
    return email


def can_send_again(email: QueuedEmail) -> bool:
    """Whether staff may send it again. What a restore holds, the operator releases."""
    if email.state == State.UNKNOWN and email.lane == MailLane.MARKETING:
        return False  # it may have left, and no marketing email goes twice
    if email.state == State.HELD and email.why in batches.STOPS:
        return False  # its sending is resumed as a whole
    stopped = email.is_waiting or email.state in (State.FAILED, State.HELD, State.UNKNOWN)
    return stopped and not email.is_destroyed and email.why != gate.AFTER_RESTORE


def give_up(email_id: UUID) -> QueuedEmail:
    """The email that is not sent after all, as the person's history says; in the caller's transaction.

    Raises  NotWaiting: it is being sent, has left, or was the last one that goes to someone erased."""
    email = QueuedEmail.objects.select_for_update(no_key=True).get(id=email_id)
    if not can_give_up(email):
        raise NotWaiting
    due.cancel(TRY, about=email.id)
    email.state, email.why = State.REFUSED, claims.GIVEN_UP
    email.save(update_fields=["state", "why"])
    note_refused(email)
    return email


def can_give_up(email: QueuedEmail) -> bool:
    """Whether staff may decide that it does not leave. What is owed to someone erased, or for security, leaves."""
    stopped = email.state in (State.HELD, State.PLANNED)
    return stopped and email.to != FAREWELL and email.lane != MailLane.SECURITY and email.why != gate.AFTER_RESTORE


def try_again(email_id: UUID) -> None:
    """The email queued once more, now that its next try is due, in the caller's transaction."""
    email = QueuedEmail.objects.select_for_update(no_key=True).get(id=email_id)
    if email.state == State.PLANNED:
        _queue(email)


def _write(begun: BegunEmail, round: MailRound) -> WrittenEmail | None:
    """The email; nothing if its domain is paused, or the law says no by now."""
    email = begun.email
    if begun.refused is not None:
        raise begun.refused
    if begun.given is None:
        return lay_out(finished.unseal(email))
    values = begun.given.values
    if email.to_sealed_address is None and "email" not in values:
        give_back([email])  # a choice since the claim: the next claim says which
        return None
    address = _find_address(email, values)
    email.domain = address.rpartition("@")[2].lower()
    if until := round.find_pause(email):
        _put_off(email, until)
        return None
    permitted = _select_permitted(email, values)
    return writing.write(email, address=address, values=permitted, prepared=begun.prepared, layouts=round.layouts)


def _select_permitted(email: QueuedEmail, values: Mapping[str, str]) -> Mapping[str, str]:
    return {kind: value for kind, value in values.items() if kind in email.kinds}


def _find_address(email: QueuedEmail, values: Mapping[str, str]) -> str:
    if email.to_sealed_address is None:
        return values["email"]
    return vault().open_address(bytes(email.to_sealed_address))


def _queue(email: QueuedEmail) -> None:
    email.state, email.next_try_utc = State.PLANNED, None
    email.save(update_fields=["state", "next_try_utc", "waiting_since_utc", "useful_until_utc"])
    turns.wake(email.lane)


def _put_off(email: QueuedEmail, until: datetime) -> None:
    email.state, email.next_try_utc, email.attempts = State.PLANNED, until, email.attempts - 1
    with transaction.atomic():
        email.save(update_fields=["state", "next_try_utc", "attempts", "domain"])
        due.plan(TRY, about=email.id, steps={"": until})


def _hold(email: QueuedEmail, code: str) -> None:
    email.state, email.why = State.HELD, code
    email.save(update_fields=["state", "why", "fault", "domain"])


def _note_refusal(email: QueuedEmail, refusal: transport.NotTaken, *, at_utc: datetime) -> None:
    fault = refusal.fault
    if isinstance(refusal, transport.Unsure) and email.lane == MailLane.MARKETING:
        email.state, email.why = State.UNKNOWN, refusal.code
        email.save(update_fields=["state", "why", "domain"])
    elif isinstance(refusal, transport.RefusedForGood):
        _fail(email, refusal)
    else:
        if refusal.everywhere or refusal.code.startswith("smtp 421"):
            domain = "" if refusal.everywhere else email.domain
            pauses.begin(email.lane, domain, refusal.code, at_utc=at_utc)
        _wait(email, refusal, at_utc=at_utc, ours=fault.whose is Whose.US)


def _wait(email: QueuedEmail, refusal: transport.NotTaken, *, at_utc: datetime, ours: bool) -> None:
    """Again after as long as it has waited already: pauses double, from a minute to four hours.

    What is ours to set right fails no email: in the end it is held, and staff release it."""
    email.waiting_since_utc = email.waiting_since_utc or at_utc
    waited = at_utc - email.waiting_since_utc
    pause = min(max(waited, pauses.SHORTEST), pauses.LONGEST)
    if waited + pause > PATIENCE:
        email.fault = refusal.fault.code
        _hold(email, refusal.code) if ours else _fail(email, refusal)
        return
    email.state, email.why, email.next_try_utc = State.PLANNED, refusal.code, at_utc + pause
    email.fault = refusal.fault.code
    with transaction.atomic():
        email.save(update_fields=["state", "why", "fault", "next_try_utc", "waiting_since_utc", "domain"])
        due.plan(TRY, about=email.id, steps={"": email.next_try_utc})


def _fail(email: QueuedEmail, refusal: transport.NotTaken) -> None:
    with transaction.atomic():
        email.state, email.why, email.fault = State.FAILED, refusal.code, refusal.fault.code
        email.save(update_fields=["state", "why", "fault", "waiting_since_utc", "domain"])
        finished.destroy(email)
        note_failed(email)
        if refusal.fault.hard and refusal.address:
            suppression.suppress(refusal.address, why="bounce", evidence=email.id)
        elif refusal.fault.whose is Whose.ADDRESS and refusal.address:
            now = datetime.now(UTC)
            suppression.count_soft(refusal.address, email=email.id, evidence=email.id, at_utc=now)


def _note_sent(email: QueuedEmail, round: MailRound) -> None:
    round.note_sent(email)
