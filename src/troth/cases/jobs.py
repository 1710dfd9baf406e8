"""Work behind the pages; killed anywhere, it begins again where nothing is lost or doubled."""

from datetime import UTC, datetime
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from troth.cases import duties, erasing, letters, review

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)


@app.task(name="cases.write", queue="letters", retry=_RETRY)
def write(case: str, letter: str) -> None:
    """Write to the person of a case. A letter already queued is not queued again."""
    letters.write(UUID(case), letter, at_utc=datetime.now(UTC))


@app.task(name="cases.erase", retry=_RETRY)
def erase(case: str, who: str = "") -> None:
    """Erase everybody of the case. What was done is not done twice. `who`: in jobs of older releases."""
    erasing.erase(UUID(case), at_utc=datetime.now(UTC))


@app.periodic(cron="*/10 * * * *")
@app.task(name="cases.tick", queueing_lock="cases.tick")
def tick(timestamp: int) -> None:
    """Reminders, notices and what was never proven."""
    duties.tick(at_utc=datetime.now(UTC))


@app.periodic(cron="40 3 * * *")
@app.task(name="cases.tidy", queueing_lock="cases.tidy")
def tidy(timestamp: int) -> None:
    """The request log keeps 24 months."""
    while duties.tidy():
        continue


@app.periodic(cron="0 7 1 1,4,7,10 *")
@app.task(name="cases.review", queueing_lock="cases.review")
def begin_review(timestamp: int) -> None:
    """Each quarter somebody looks at who may still sign in."""
    review.begin(at_utc=datetime.now(UTC))
