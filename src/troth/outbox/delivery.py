"""From queued to sent: claim (the gate is asked again), read by the claim's grant, write, hand over, note.

    queued -> claimed -> sent
                      -> held       the policy or a choice does not allow it (any more)
                      -> waiting    the mail server says: later, or is away; tried for two days, then failed
                      -> failed     the mail server refuses it for good

The claim's grant is written by the statement that asks the law, so a choice committed before it always wins.
A letter interrupted between hand-over and note goes out again under the same Message-ID.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from troth import gate, queue
from troth.outbox import emails, finished, transport, writing
from troth.outbox.models import FAREWELL, Letter, MailHold
from troth.seal import vault
from troth.security import proofs

PATIENCE = timedelta(days=2)
"""How long a letter waits for a mail server. RFC 5321, 4.5.4.1 lets relays wait for days; our readers wait for us."""
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)
SPENT = "spent"
"""Why a letter is held whose secret was used, replaced or ended while it waited."""
_CLAIM_LASTS = timedelta(minutes=5)
_A_SWEEP = 500
State = Letter.State


class DeliveryInsideTransaction(Exception):
    """Delivery was started inside an open transaction, which could still roll back what was sent."""


class NotWaiting(Exception):
    """Only a letter that waits or failed is sent again."""


def deliver(letter_id: UUID) -> None:
    """The letter sent, held, waiting or failed. What goes wrong in the program itself is raised, and tried again."""
    if transaction.get_connection().in_atomic_block:
        raise DeliveryInsideTransaction("A letter is delivered outside any transaction.")
    claimed = _claim(letter_id)
    if claimed is None:
        return
    letter, grant = claimed
    try:
        message = _written(letter, grant) if grant else finished.unseal(letter)
        transport.hand_over(message, letter.id)
    except transport.TryLater as refusal:
        _wait(letter, refusal.code, at_utc=datetime.now(UTC))
    except transport.RefusedForGood as refusal:
        _fail(letter, refusal.code)
    except Exception:
        _give_back(letter)
        raise
    else:
        _note_sent(letter)


def send_again(letter_id: UUID) -> Letter:
    """The letter queued once more, with two days of patience of its own, in the caller's transaction.

    Raises  NotWaiting."""
    letter = Letter.objects.select_for_update(no_key=True).get(id=letter_id)
    if letter.state not in (State.WAITING, State.FAILED) or letter.is_destroyed:
        raise NotWaiting
    letter.waiting_since_utc = None
    _queue(letter)
    return letter


def sweep(*, at_utc: datetime) -> int:
    """How many letters were queued again because their next try is due, or their claim was left behind."""
    due = Q(state=State.WAITING, next_try_utc__lte=at_utc)
    left = Q(state=State.CLAIMED, claimed_utc__lte=at_utc - _CLAIM_LASTS)
    with transaction.atomic():
        found = Letter.objects.select_for_update(no_key=True, skip_locked=True).filter(due | left)[:_A_SWEEP]
        for letter in found:
            _queue(letter)
    return len(found)


def _written(letter: Letter, grant: gate.Grant) -> EmailMessage:
    values = gate.read(grant).values
    return writing.message(letter, address=_address(letter, values), values=_permitted(letter, values))


def _why_held(stated: bool) -> str:
    return SPENT if stated else emails.NOT_STATED


def _claim(letter_id: UUID) -> tuple[Letter, gate.Grant | None] | None:
    """The letter and its grant, committed; None if there is nothing to send (sent, held, or claimed by another).

    A finished letter needs no grant: it was permitted when it was written, and reads nothing."""
    now = datetime.now(UTC)
    with transaction.atomic():
        letter = Letter.objects.select_for_update(no_key=True).get(id=letter_id)
        stale = letter.claimed_utc is not None and now - letter.claimed_utc >= _CLAIM_LASTS
        if letter.state != State.QUEUED and not (letter.state == State.CLAIMED and stale):
            return None
        if MailHold.objects.filter(released_utc=None).exists():
            letter.state, letter.why = State.HELD, gate.AFTER_RESTORE
            letter.save(update_fields=["state", "why"])
            return None
        if letter.to == FAREWELL:
            letter.attempts, letter.claimed_utc, letter.state = letter.attempts + 1, now, State.CLAIMED
            letter.save(update_fields=["attempts", "claimed_utc", "state"])
            return letter, None
        answer = gate.grant_within(
            person=letter.person_id,
            purpose=letter.purpose,
            kinds=_needed(letter),
            who="program:outbox",
            reason=f"letter {letter.template}",
            request=letter.request,
        )
        refused = isinstance(answer, gate.Refused) or (letter.to == "person" and "email" not in answer.kinds)
        stated = emails.is_stated(letter.template, purpose=letter.purpose, policy=gate.policy())
        held = refused or not stated or _spent(letter, at_utc=now)
        letter.attempts += 1
        letter.claimed_utc = now
        letter.state = State.HELD if held else State.CLAIMED
        letter.why = answer.refusal_code("email") if refused else _why_held(stated) if held else ""
        letter.save(update_fields=["attempts", "claimed_utc", "state", "why"])
        if held:
            _note(letter, "held back")
            return None
    assert isinstance(answer, gate.Grant)
    return letter, answer


def _spent(letter: Letter, *, at_utc: datetime) -> bool:
    """Whether the secret that the letter is about opens nothing any more: nobody should be mailed it."""
    return "proof" in letter.facts and not proofs.hand_over(UUID(letter.facts["proof"]), at_utc=at_utc)


def _needed(letter: Letter) -> list[str]:
    return sorted({*letter.kinds, "email"} if letter.to == "person" else set(letter.kinds))


def _permitted(letter: Letter, values: Mapping[str, str]) -> Mapping[str, str]:
    return {kind: value for kind, value in values.items() if kind in letter.kinds}


def _address(letter: Letter, values: Mapping[str, str]) -> str:
    if letter.to_sealed_address is None:
        return values["email"]
    return vault().open_address(bytes(letter.to_sealed_address))


def _queue(letter: Letter) -> None:
    letter.state, letter.next_try_utc = State.QUEUED, None
    letter.save(update_fields=["state", "next_try_utc", "waiting_since_utc"])
    queue.defer("outbox.deliver", letter=str(letter.id))  # by name: the job imports us


def _give_back(letter: Letter) -> None:
    """The next try of the job may claim it at once."""
    Letter.objects.filter(pk=letter.pk, state=State.CLAIMED).update(state=State.QUEUED)


def _wait(letter: Letter, code: str, *, at_utc: datetime) -> None:
    """Again after as long as it has waited already: pauses double, from a minute to four hours."""
    letter.waiting_since_utc = letter.waiting_since_utc or at_utc
    waited = at_utc - letter.waiting_since_utc
    pause = min(max(waited, SHORTEST_PAUSE), LONGEST_PAUSE)
    if waited + pause > PATIENCE:
        _fail(letter, code)
        return
    letter.state, letter.why, letter.next_try_utc = State.WAITING, code, at_utc + pause
    letter.save(update_fields=["state", "why", "next_try_utc", "waiting_since_utc"])


def _fail(letter: Letter, code: str) -> None:
    with transaction.atomic():
        letter.state, letter.why = State.FAILED, code
        letter.save(update_fields=["state", "why", "waiting_since_utc"])
        finished.destroy(letter)
        _note(letter, "not delivered")


def _note_sent(letter: Letter) -> None:
    with transaction.atomic():
        letter.state, letter.why = State.SENT, ""
        letter.sent_utc = datetime.now(UTC)
        letter.save(update_fields=["state", "sent_utc", "why"])
        finished.destroy(letter)
        _note(letter, "notified")


def _note(letter: Letter, kind: str) -> None:
    to = "person" if letter.to == FAREWELL else letter.to
    payload: dict[str, Any] = {"letter": str(letter.id), "template": letter.template, "to": to}
    if letter.to_name:
        payload["name"] = letter.to_name
    if letter.why:
        payload["code"] = letter.why
    gate.note(
        person=letter.person_id,
        kind=kind,
        purpose=letter.purpose,
        who="program:outbox",
        reason=f"letter {letter.template}",
        request=letter.request,
        payload=payload,
    )
