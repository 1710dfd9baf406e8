from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from troth.outbox import delivery


@app.task(
    name="outbox.deliver", queue="letters", retry=RetryStrategy(max_attempts=delivery.ATTEMPTS, exponential_wait=3)
)
def deliver(letter: str) -> None:
    """Deliver one letter. Runs again until it is sent, held or failed; a letter already sent stays sent."""
    delivery.deliver(UUID(letter))
