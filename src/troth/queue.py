"""One rule for all background work: three quick tries, then an alarm in the console. Nothing retries silently.

    @queue.task("cases.write", _("Write to someone about a request"), queue="emails")
    def write(case: str, email: str) -> None: …

A job contains ids, never values. It runs again if it failed or was killed, so jobs must be idempotent. Long waits (a
mail server that is down) are a state of the email, not a failing job.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from django.utils.functional import Promise
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job
from procrastinate.tasks import Task

TRIES = 3
PAUSES_SECONDS = (5, 30)
"""Before the second and before the third try."""

TITLES: dict[str, "str | Promise"] = {}
"""What each task does, in words, by its name: an alarm says it."""

Takes = ParamSpec("Takes")
Gives = TypeVar("Gives")
Thing = TypeVar("Thing")


class ThreeTries(BaseRetryStrategy):
    """Retries after a short pause, until the third try has failed: then the job needs attention."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        return None if is_last(job.attempts) else RetryDecision(retry_in={"seconds": PAUSES_SECONDS[job.attempts]})


def is_last(attempts: int) -> bool:
    """Whether the try after so many is the last automatic one."""
    return attempts + 1 >= TRIES


def task(
    name: str, title: "str | Promise", *, queue: str = "default", every: str = "", lock: str = ""
) -> "Callable[[Callable[Takes, Gives]], Task[Takes, Gives, Takes]]":
    """Turns a function into queued work with this rule.

    Takes   title: what it does, for alarms; every: the times of periodic work, in cron syntax;
            lock: only one job with the same lock runs at a time."""

    def registered(function: Callable[Takes, Gives]) -> Any:
        TITLES[name] = title
        made: Any = app.task(
            name=name, queue=queue, retry=ThreeTries(), queueing_lock=name if every else None, lock=lock or None
        )(function)
        return app.periodic(cron=every)(made) if every else made

    return registered


def retire(*names: str) -> None:
    """Work that older releases queued and that has nothing left to do: a job of theirs that still waits ends well."""
    for name in names:

        @task(name, name)
        def done(timestamp: int = 0) -> None:
            pass


def defer(name: str, *, at: datetime | None = None, lock: str = "", **ids: str | int) -> None:
    """Queues the job in the caller's transaction: a rollback undoes it, also inside jobs.

    Takes   lock: only one job with the same lock runs at a time."""
    app.configure_task(name, schedule_at=at, lock=lock or None).defer(**ids)


def each(things: Iterable[Thing], act: Callable[[Thing], object]) -> None:
    """Acts on each; a failure delays no other. The last failure is raised in the end, so that it becomes an alarm."""
    failure: Exception | None = None
    for thing in things:
        try:
            act(thing)
        except Exception as error:
            failure = error
    if failure is not None:
        raise failure
