from datetime import UTC, datetime
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from troth.drp import actions, callbacks


@app.task(name="cases.changed")
def changed(case: str, state: str) -> None:
    """Each agent that wants to hear of the case is told by a job of its own: one that fails keeps no other waiting."""
    for request in callbacks.told(UUID(case)):
        tell.defer(request=str(request))


@app.task(name="drp.tell", retry=RetryStrategy(max_attempts=12, exponential_wait=3))
def tell(request: str) -> None:
    """Post the Status as it is when it is sent."""
    callbacks.tell(UUID(request), at_utc=datetime.now(UTC))


@app.periodic(cron="50 * * * *")
@app.task(name="drp.tidy", queueing_lock="drp.tidy")
def tidy(timestamp: int) -> None:
    """What has expired by itself is forgotten."""
    actions.tidy(at_utc=datetime.now(UTC))
