"""What came back of an email that a mail server had taken: it bounced later, or its reader complained."""

from uuid import UUID

from django.db import transaction

from troth.outbox import batches
from troth.outbox.faults import Fault
from troth.outbox.models import QueuedEmail
from troth.outbox.notes import note_failed

State = QueuedEmail.State


def note_bounce(email_id: UUID, *, status: str, fault: Fault, domain: str = "") -> bool:
    """Whether the email counted as sent until now: from here on it was not delivered, as the person's pages say.

    Takes   domain: where it came back from, where the report says so."""
    with transaction.atomic():
        sent = QueuedEmail.objects.select_for_update(no_key=True).filter(
            pk=email_id, state__in=(State.SENT, State.UNKNOWN)
        )
        email = sent.first()
        if email is None:
            return False
        email.state, email.why, email.fault = State.FAILED, f"bounce 550 {status}".strip(), fault.code
        email.domain = domain
        email.save(update_fields=["state", "why", "fault", "domain"])
        note_failed(email)
    batches.guard([email.batch])
    return True


def note_complaint(email_id: UUID) -> None:
    """Its reader called the email spam, which counts for the sending that it was of."""
    QueuedEmail.objects.filter(pk=email_id).update(complained=True)
    batches.guard(QueuedEmail.objects.filter(pk=email_id).values_list("batch", flat=True))
