"""Jobs of privacy requests. Killed at any point, they can run again without losing or doubling anything."""

from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.access.requests import erasing


@queue.task("cases.erase", _("Delete a person's data, as approved"))
def erase(case: str, who: str = "") -> None:
    """Erase everyone of the case. Parts already done are skipped. `who`: in jobs of older releases."""
    erasing.erase(UUID(case), at_utc=datetime.now(UTC))
