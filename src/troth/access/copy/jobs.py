from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.access.copy import preparing
from troth.collection import prepared


@queue.task(preparing.JOB, _("Prepare a copy of someone's data"), queue="files", lock=prepared.LOCK)
def prepare(file: str) -> None:
    """Make one copy. One at a time: no page and no other job waits for it."""
    preparing.prepare(UUID(file), at_utc=datetime.now(UTC))


@queue.task("copy.tidy", _("Delete prepared files that have expired"), every="*/5 * * * *", ends=True)
def tidy(timestamp: int) -> None:
    """Delete prepared files an hour after they were made."""
    prepared.tidy(at_utc=datetime.now(UTC))
