"""What the clock does with mail: reads what came, watches whether any can come, and forgets what is past its time."""

from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.collection.mailbox import actions


@queue.task("mailbox.read", _("Read email that came in"), queue="mailbox", every="* * * * * */5")
def read(timestamp: int) -> None:
    """Every mail that is new, each by itself: one that fails holds up no other."""
    actions.settle_all(at_utc=datetime.now(UTC))


@queue.task("mailbox.watch", _("Check that email can come in"), queue="mailbox", every="*/10 * * * *")
def watch(timestamp: int) -> None:
    """Fails, which is an alarm, while a folder can't be read."""
    actions.refuse_silence(at_utc=datetime.now(UTC))
