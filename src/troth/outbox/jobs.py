from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.outbox import delivery


@queue.task("outbox.deliver", _("Send an email"), queue="letters")
def deliver(letter: str) -> None:
    """Deliver one letter; a letter already sent stays sent. A mail server that is away is no failure: it waits."""
    delivery.deliver(UUID(letter))


@queue.task("outbox.sweep", _("Retry emails that are due"), queue="letters", every="* * * * *")
def sweep(timestamp: int) -> None:
    """Queue again what waited for the mail server, and what a killed process left claimed."""
    delivery.sweep(at_utc=datetime.now(UTC))
