from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import due, queue
from troth.outbox import delivery
from troth.outbox.actions import TRY


@queue.task("outbox.deliver", _("Send an email"), queue="emails")
def deliver(email: str = "", letter: str = "") -> None:
    """Deliver one email; an email already sent stays sent. A mail server that is away is no failure: it waits.

    `letter`: in jobs of older releases."""
    delivery.deliver(UUID(email or letter))


@due.task(TRY, _("Send an email that waited"))
def try_again(email: UUID, step: str, at_utc: datetime) -> None:
    delivery.try_again(email)


@queue.task("outbox.sweep", _("Retry emails whose delivery was interrupted"), queue="emails", every="* * * * *")
def sweep(timestamp: int) -> None:
    """Queue again what a killed process left claimed."""
    delivery.sweep(at_utc=datetime.now(UTC))
