from datetime import UTC, datetime
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from troth.access.account import actions

_RETRY = RetryStrategy(max_attempts=5, exponential_wait=3)


@app.task(name="account.greet", queue="letters", retry=_RETRY)
def greet(proof: str) -> None:
    """Write to the address that somebody typed. A letter already queued is not queued again."""
    actions.greet(UUID(proof))


@app.task(name="account.forgotten", queue="letters", retry=_RETRY)
def forgotten(proof: str, sealed: str) -> None:
    """Write to the owner of a sealed address, if it has one."""
    actions.offer_reset(UUID(proof), bytes.fromhex(sealed), at_utc=datetime.now(UTC))


@app.task(name="account.tell", queue="letters", retry=_RETRY)
def tell(user: int, what: str, letter: str, request: str) -> None:
    """Write to the owner what happened with the account."""
    actions.write(user, what, letter=UUID(letter), request=UUID(request) if request else None)


@app.periodic(cron="20 * * * *")
@app.task(name="account.tidy", queueing_lock="account.tidy")
def tidy(timestamp: int) -> None:
    """Ended sessions, spent or old secrets and devices not seen for a year are deleted."""
    actions.tidy(at_utc=datetime.now(UTC))
