"""Periodic work on stored files."""

from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.records import stored


@queue.task("files.sweep", _("Check stored files and delete those no longer kept"), every="*/5 * * * *", queue="files")
def sweep(timestamp: int) -> None:
    """Delete files that nothing names any longer. A named file that is missing raises an alarm."""
    stored.sweep(at_utc=datetime.now(UTC)).refuse_missing()
