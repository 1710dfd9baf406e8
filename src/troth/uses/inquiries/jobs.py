"""Work that goes on after the page; killed anywhere, it begins again where nothing is lost or doubled."""

from datetime import UTC, datetime
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from troth.uses.inquiries import actions


@app.task(name="inquiries.assign", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def assign(inquiry: str) -> None:
    """Brings a received inquiry to its staff."""
    actions.assign(UUID(inquiry), at_utc=datetime.now(UTC))
