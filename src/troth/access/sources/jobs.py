from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from troth import in_force, queue
from troth.access.sources import actions


@queue.task("sources.notify", _("Tell people about data that others gave us"), queue="emails", every="10 * * * *")
def notify(timestamp: int) -> None:
    """Email people whose data came from others, once each."""
    try:
        actions.notify(at_utc=datetime.now(UTC))
    except in_force.NothingAdopted:
        return
