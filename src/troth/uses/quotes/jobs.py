"""Work that goes on after the page: it may be killed anywhere and begins again where nothing is lost or doubled."""

from datetime import UTC, datetime
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from troth.uses.quotes import actions


@app.task(name="quotes.route", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def route(quote: str) -> None:
    """Passes a received request on."""
    actions.route(UUID(quote), at_utc=datetime.now(UTC))
