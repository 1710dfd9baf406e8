"""From queued to sent: claim (the gate is asked again), read by the claim's grant, write, hand over, note.

The claim's grant is written by the statement that asks the law, so a choice committed before it always wins.
A letter interrupted between hand-over and note goes out again under the same Message-ID.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from troth import gate
from troth.outbox import transport, writing
from troth.outbox.models import Letter
from troth.seal import vault
from troth.security import proofs

ATTEMPTS = 5
SPENT = "spent"
"""Why a letter is held whose secret was used, replaced or ended while it waited."""
_CLAIM_LASTS = timedelta(minutes=5)


class InsideTransaction(Exception):
    """Delivery was started inside an open transaction, which could still roll back what was sent."""


def deliver(letter_id: UUID) -> None:
    if transaction.get_connection().in_atomic_block:
        raise InsideTransaction("A letter is delivered outside any transaction.")
    claimed = _claim(letter_id)
    if claimed is None:
        return
    letter, grant = claimed
    values = gate.read(grant).values
    message = writing.message(letter, address=_address(letter, values), values=_permitted(letter, values))
    try:
        transport.hand_over(message, letter.id)
    except transport.NotTaken as error:
        _give_back(letter, error)
        raise
    _note_sent(letter)


def _claim(letter_id: UUID) -> tuple[Letter, gate.Grant] | None:
    """The letter and its grant, committed; None if there is nothing to send (sent, held, or claimed by another)."""
    now = datetime.now(UTC)
    with transaction.atomic():
        letter = Letter.objects.select_for_update(no_key=True).get(id=letter_id)
        stale = letter.claimed_utc is not None and now - letter.claimed_utc >= _CLAIM_LASTS
        if letter.state != Letter.State.QUEUED and not (letter.state == Letter.State.CLAIMED and stale):
            return None
        answer = gate.grant_within(
            person=letter.person_id,
            purpose=letter.purpose,
            kinds=_needed(letter),
            who="program:outbox",
            reason=f"letter {letter.template}",
            request=letter.request,
        )
        refused = isinstance(answer, gate.Refused) or (letter.to == "person" and "email" not in answer.kinds)
        held = refused or _spent(letter, at_utc=now)
        letter.attempts += 1
        letter.claimed_utc = now
        letter.state = Letter.State.HELD if held else Letter.State.CLAIMED
        letter.why = answer.refusal_code("email") if refused else SPENT if held else ""
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


def _give_back(letter: Letter, error: "transport.NotTaken") -> None:
    letter.state = Letter.State.FAILED if letter.attempts >= ATTEMPTS else Letter.State.QUEUED
    letter.why = str(error)[:500]
    letter.save(update_fields=["state", "why"])


def _note_sent(letter: Letter) -> None:
    with transaction.atomic():
        letter.state = Letter.State.SENT
        letter.sent_utc = datetime.now(UTC)
        letter.save(update_fields=["state", "sent_utc"])
        _note(letter, "notified")


def _note(letter: Letter, kind: str) -> None:
    payload: dict[str, Any] = {"letter": str(letter.id), "template": letter.template, "to": letter.to}
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
