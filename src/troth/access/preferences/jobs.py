from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.access.preferences import pausing


@queue.task("preferences.end_pauses", _("End pauses that are over"), every="*/5 * * * *")
def end_pauses(timestamp: int) -> None:
    """What was paused stands again when its time is over."""
    pausing.end_due(at_utc=datetime.now(UTC))
