from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import due, queue
from troth.uses.newsletter import actions, issues


@queue.task("newsletter.forget", _("Delete sign-ups that nobody confirmed"), every="35 * * * *", ends=True)
def forget(timestamp: int) -> None:
    """Delete what was entered for sign-ups that were not confirmed in time."""
    while actions.forget_unconfirmed(at_utc=datetime.now(UTC)):
        continue


@queue.task("newsletter.send", _("Send an issue of a newsletter"), queue="emails")
def send(issue: str) -> None:
    """Plan its people and queue its emails; run again, it goes on where it stopped."""
    issues.send(UUID(issue), at_utc=datetime.now(UTC))


@due.task(issues.BEGIN, _("Begin a scheduled newsletter"))
def begin(issue: UUID, step: str, at_utc: datetime) -> None:
    issues.begin(issue, at_utc=at_utc)


@due.task(issues.SETTLE, _("Make the report of a newsletter final"))
def settle(issue: UUID, step: str, at_utc: datetime) -> None:
    issues.settle(issue)


@due.task(issues.DROP, _("Delete a draft for good"))
def drop(issue: UUID, step: str, at_utc: datetime) -> None:
    issues.drop(issue)
