"""The entries about an email in the person's ledger. That one was sent is noted by `gate.settle_emails`."""

from troth import gate
from troth.outbox.facts import EmailPayload
from troth.outbox.models import FAREWELL, PERSON, QueuedEmail


def note_refused(email: QueuedEmail) -> None:
    """The entry that it was not allowed to leave, in the caller's transaction."""
    _note(email, "held back")


def note_failed(email: QueuedEmail) -> None:
    """The entry that it could not be delivered, in the caller's transaction."""
    _note(email, "not delivered")


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
