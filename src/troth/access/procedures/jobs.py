"""Procedures that start by the calendar."""

from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.access.procedures import review
from troth.records import holds


@queue.task("cases.review", _("Start the quarterly account review"), every="0 7 1 1,4,7,10 *")
def begin_review(timestamp: int) -> None:
    """Each quarter, review who may still sign in."""
    review.begin(at_utc=datetime.now(UTC))


@queue.task("cases.holds", _("Tell people of legal holds that are no longer secret"), every="20 * * * *")
def tell_holds(timestamp: int) -> None:
    while holds.tell():
        continue
