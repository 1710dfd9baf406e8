from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.due import running


@queue.task("due.hand_out", _("Find reminders and deadlines that are due"), every="* * * * *", ends=True)
def hand_out(timestamp: int) -> None:
    """Queue a job for each step that is due."""
    while running.hand_out(at_utc=datetime.now(UTC)):
        continue
