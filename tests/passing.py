"""Time that passes: what is due by then is done, as jobs of its own would do it."""

from datetime import datetime

from procrastinate.contrib.django import app

from troth.due import running
from troth.due.models import Due


def pass_until(at_utc: datetime) -> list[str]:
    """The names of what was due, in the order in which it was looked at."""
    app.perform_import_paths()  # as a worker does: what is done when it is due stands in the rooms' jobs
    rows = list(Due.objects.filter(at_utc__lte=at_utc).order_by("at_utc", "urgency"))
    for row in rows:
        running.do(row.pk, at_utc=at_utc)
    return [row.what for row in rows]
