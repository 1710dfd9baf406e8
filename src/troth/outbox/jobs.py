from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.outbox import delivery


@queue.task("outbox.deliver", _("Send an email"), queue="emails")
def deliver(email: str = "", letter: str = "") -> None:
    """Deliver one email; an email already sent stays sent. A mail server that is away is no failure: it waits.

    `letter`: in jobs of older releases."""
    delivery.deliver(UUID(email or letter))


@queue.task("outbox.sweep", _("Retry emails that are due"), queue="emails", every="* * * * *")
def sweep(timestamp: int) -> None:
    """Queue again what waited for the mail server, and what a killed process left claimed."""
    delivery.sweep(at_utc=datetime.now(UTC))
