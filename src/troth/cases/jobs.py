"""Work behind the pages; killed anywhere, it begins again where nothing is lost or doubled."""

from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.cases import duties, letters


@queue.task("cases.write", _("Send an email about a privacy request"), queue="letters")
def write(case: str, letter: str) -> None:
    """Write to the person of a case. A letter already queued is not queued again."""
    letters.write(UUID(case), letter, at_utc=datetime.now(UTC))


@queue.task("cases.tick", _("Check for privacy requests that are due"), every="*/10 * * * *")
def tick(timestamp: int) -> None:
    """Reminders, notices and what was never proven."""
    duties.tick(at_utc=datetime.now(UTC))


@queue.task("cases.tidy", _("Delete privacy requests past their retention period"), every="40 3 * * *")
def tidy(timestamp: int) -> None:
    """The request log keeps 24 months."""
    while duties.tidy():
        continue
