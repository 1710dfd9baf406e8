"""Delivers an email: claim it (asking the gate again), read its values, write it, send it, record it.

    queued -> claimed -> sent
                      -> held       the policy or a choice does not allow it (any more)
                      -> waiting    the mail server says: later, or is away; tried for two days, then failed
                      -> failed     the mail server refuses it for good

The claim's grant is written by the statement that asks the law, so a choice committed before it always wins.
An email interrupted between hand-over and note goes out again under the same Message-ID.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from troth import due, gate, in_force, queue
from troth.outbox import emails, finished, transport, writing
from troth.outbox.actions import TRY
from troth.outbox.facts import EmailPayload
from troth.outbox.models import FAREWELL, PATIENCE, PERSON, MailHold, QueuedEmail
from troth.seal import vault
from troth.security import proofs

SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)
_CLAIM_LASTS = timedelta(minutes=5)
_A_SWEEP = 500
State = QueuedEmail.State


class DeliveryInsideTransaction(Exception):
    """Delivery was started inside an open transaction, which could still roll back what was sent."""


class NotWaiting(Exception):
    """Only an email that waits or failed is sent again."""


def deliver(email_id: UUID) -> None:
    """Sends, holds or postpones the email. Errors of the program itself are raised, and the job retries."""
    if transaction.get_connection().in_atomic_block:
        raise DeliveryInsideTransaction("An email is delivered outside any transaction.")
    claimed = _claim(email_id)
    if claimed is None:
        return
    email, grant = claimed
    try:
        message = _write(email, grant) if grant else finished.unseal(email)
        transport.hand_over(message, email.id)
    except transport.TryLater as refusal:
        _wait(email, refusal.code, at_utc=datetime.now(UTC))
    except transport.RefusedForGood as refusal:
        _fail(email, refusal.code)
    except Exception:
        _give_back(email)
        raise
    else:
        _note_sent(email)


def send_again(email_id: UUID) -> QueuedEmail:
    """Requeues the email with another two days of retries, in the caller's transaction.

    Raises  NotWaiting."""
    email = QueuedEmail.objects.select_for_update(no_key=True).get(id=email_id)
    if email.state not in (State.WAITING, State.FAILED) or email.is_destroyed:
        raise NotWaiting
    email.waiting_since_utc = None
    due.cancel(TRY, about=email.id)
    _queue(email)
    return email


def try_again(email_id: UUID) -> None:
    """Requeues the email for its next try, in the caller's transaction."""
    email = QueuedEmail.objects.select_for_update(no_key=True).get(id=email_id)
    if email.state in (State.QUEUED, State.WAITING):
        _queue(email)


def sweep(*, at_utc: datetime) -> int:
    """Requeues emails whose process was killed while it held them; returns how many."""
    left = Q(state=State.CLAIMED, claimed_utc__lte=at_utc - _CLAIM_LASTS)
    with transaction.atomic():
        found = QueuedEmail.objects.select_for_update(no_key=True, skip_locked=True).filter(left)[:_A_SWEEP]
        for email in found:
            _queue(email)
    return len(found)


def _write(email: QueuedEmail, grant: gate.Grant) -> EmailMessage:
    values = gate.read(grant).values
    return writing.message(email, address=_address(email, values), values=_select_permitted(email, values))


def _claim(email_id: UUID) -> tuple[QueuedEmail, gate.Grant | None] | None:
    """The email and its committed grant; None if there is nothing to send.

    A finished email needs no grant: it was permitted when it was written, and reads nothing."""
    now = datetime.now(UTC)
    with transaction.atomic():
        email = QueuedEmail.objects.select_for_update(no_key=True).get(id=email_id)
        if not _is_claimable(email, at_utc=now):
            return None
        if MailHold.objects.filter(released_utc=None).exists():
            _hold(email, gate.AFTER_RESTORE)
            return None
        email.attempts, email.claimed_utc = email.attempts + 1, now
        grant = None if email.to == FAREWELL else _ask_gate(email, at_utc=now)
        if isinstance(grant, str):
            _hold(email, grant)
            _note(email, "held back")
            return None
        email.state, email.why, email.permit = State.CLAIMED, "", email.permit or (grant.id if grant else None)
        email.save(update_fields=["attempts", "claimed_utc", "state", "why", "permit"])
    return email, grant


def _is_claimable(email: QueuedEmail, *, at_utc: datetime) -> bool:
    left_behind = email.claimed_utc is not None and at_utc - email.claimed_utc >= _CLAIM_LASTS
    return email.state == State.QUEUED or (email.state == State.CLAIMED and left_behind)


def _ask_gate(email: QueuedEmail, *, at_utc: datetime) -> gate.Grant | str:
    """The grant of this delivery, or the code of why the email is held. What is held for its own sake asks for none:
    their history says that data was used only where it was."""
    if not emails.is_stated(email.template, purpose=email.purpose, policy=in_force.policy()):
        return emails.NOT_STATED
    if _is_spent(email, at_utc=at_utc):
        return emails.SPENT
    answer = gate.grant_within(
        person=email.person_id,
        purpose=email.purpose,
        topic=email.topic,
        kinds=_list_needed(email),
        who="program:outbox",
        reason=f"email {email.template}",
        cause=email.request,
    )
    if isinstance(answer, gate.Refused) or (email.to == PERSON and "email" not in answer.kinds):
        return answer.refusal_code("email")
    return answer


def _hold(email: QueuedEmail, why: str) -> None:
    email.state, email.why = State.HELD, why
    email.save(update_fields=["attempts", "claimed_utc", "state", "why"])


def _is_spent(email: QueuedEmail, *, at_utc: datetime) -> bool:
    """Whether the secret that the email carries no longer works, so nobody should get it."""
    proof = email.carries.proof
    return proof is not None and not proofs.hand_over(proof, at_utc=at_utc)


def _list_needed(email: QueuedEmail) -> list[str]:
    return sorted({*email.kinds, "email"} if email.to == PERSON else set(email.kinds))


def _select_permitted(email: QueuedEmail, values: Mapping[str, str]) -> Mapping[str, str]:
    return {kind: value for kind, value in values.items() if kind in email.kinds}


def _address(email: QueuedEmail, values: Mapping[str, str]) -> str:
    if email.to_sealed_address is None:
        return values["email"]
    return vault().open_address(bytes(email.to_sealed_address))


def _queue(email: QueuedEmail) -> None:
    email.state, email.next_try_utc = State.QUEUED, None
    email.save(update_fields=["state", "next_try_utc", "waiting_since_utc"])
    queue.defer("outbox.deliver", email=str(email.id))  # by name: the job imports us


def _give_back(email: QueuedEmail) -> None:
    """Releases the claim, so that the job's next try can take it."""
    QueuedEmail.objects.filter(pk=email.pk, state=State.CLAIMED).update(state=State.QUEUED)


def _wait(email: QueuedEmail, code: str, *, at_utc: datetime) -> None:
    """Waits as long again as it has waited so far, from a minute to four hours."""
    email.waiting_since_utc = email.waiting_since_utc or at_utc
    waited = at_utc - email.waiting_since_utc
    pause = min(max(waited, SHORTEST_PAUSE), LONGEST_PAUSE)
    if waited + pause > PATIENCE:
        _fail(email, code)
        return
    email.state, email.why, email.next_try_utc = State.WAITING, code, at_utc + pause
    with transaction.atomic():
        email.save(update_fields=["state", "why", "next_try_utc", "waiting_since_utc"])
        due.plan(TRY, about=email.id, steps={"": email.next_try_utc})


def _fail(email: QueuedEmail, code: str) -> None:
    with transaction.atomic():
        email.state, email.why = State.FAILED, code
        email.save(update_fields=["state", "why", "waiting_since_utc"])
        finished.destroy(email)
        _note(email, "not delivered")


def _note_sent(email: QueuedEmail) -> None:
    with transaction.atomic():
        email.state, email.why = State.SENT, ""
        email.sent_utc = datetime.now(UTC)
        email.save(update_fields=["state", "sent_utc", "why"])
        finished.destroy(email)
        _note(email, "notified")


def _note(email: QueuedEmail, kind: str) -> None:
    to = PERSON if email.to == FAREWELL else email.to
    said = EmailPayload(email=str(email.id), template=email.template, to=to, name=email.to_name, code=email.why)
    gate.note(
        person=email.person_id,
        kind=kind,
        purpose=email.purpose,
        who="program:outbox",
        reason=f"email {email.template}",
        cause=email.request,
        payload=said,
    )
