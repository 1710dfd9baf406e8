from datetime import UTC, datetime
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from troth.access.organization import actions
from troth.records import organizations


@app.task(name="organization.tell", queue="letters", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def tell(person: str, what: str, organization: str, role: str, letter: str) -> None:
    """Write to somebody what happened in an organization. A letter already queued is not queued again."""
    actions.write(UUID(person), what, organization=organization, role=role, letter=UUID(letter))


@app.periodic(cron="35 * * * *")
@app.task(name="organization.expire", queueing_lock="organization.expire")
def expire(timestamp: int) -> None:
    """Invitations past their fourteen days end, and their addresses are forgotten."""
    while organizations.expire(at_utc=datetime.now(UTC)):
        pass
