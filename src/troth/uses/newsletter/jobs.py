from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.uses.newsletter import actions


@queue.task("newsletter.forget", _("Delete sign-ups that nobody confirmed"), every="35 * * * *")
def forget(timestamp: int) -> None:
    """Delete what was entered for sign-ups that were not confirmed in time."""
    while actions.forget_unconfirmed(at_utc=datetime.now(UTC)):
        continue
