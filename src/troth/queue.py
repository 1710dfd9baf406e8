"""One rule for all background work: three quick tries, then an alarm in the console. Nothing retries silently.

    @queue.task("cases.write", _("Write to someone about a request"), queue="emails")
    def write(case: str, email: str) -> None: …

Where a page waits for what a job does, it runs the job itself if that can be had within a moment:

    with queue.run_soon(limit): …        jobs queued in it with `soon=True`; one that isn't done in time is a worker's

A job contains ids, never values. It runs again if it failed or was killed, so jobs must be idempotent. Long waits (a
mail server that is down) are a state of the email, not a failing job.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models.functions import Now
from django.utils import timezone, translation
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.tasks import Task

from troth.wording import Words

_log = logging.getLogger(__name__)

TRIES = 3
PAUSES_SECONDS = (5, 30)
"""Before the second and before the third try."""

WITHIN_SECONDS = 0.5
"""A page begins no further statement of its job after so long, and cancels one that takes so long."""
RESERVED = timedelta(seconds=2)
"""Before this no worker takes a job that a page runs itself: the page's process may have died in it."""

_MOST_LISTED = 10_000

TITLES: dict[str, Words] = {}
"""What each task does, in words, by its name: an alarm says it."""

ENDING: set[str] = set()
"""Names of tasks that end or delete what is over."""

Takes = ParamSpec("Takes")
Gives = TypeVar("Gives")
Thing = TypeVar("Thing")


class JobStopped(Exception):
    """Work that staff have to set right. The message is a sentence for them, without a person's data."""

    says_all = True
    """For the log: frames would add nothing."""


class ThreeTries(BaseRetryStrategy):
    """Retries after a short pause, until the third try has failed: then the job needs attention."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        return None if is_last(job.attempts) else RetryDecision(retry_in={"seconds": PAUSES_SECONDS[job.attempts]})


def is_last(attempts: int) -> bool:
    """Whether the try after so many is the last automatic one."""
    return attempts + 1 >= TRIES


def task(
    name: str, title: Words, *, queue: str = "default", every: str = "", lock: str = "", ends: bool = False
) -> "Callable[[Callable[Takes, Gives]], Task[Takes, Gives, Takes]]":
    """Turns a function into queued work with this rule.

    Takes   title: what it does, for alarms; every: the times of periodic work, in cron syntax;
            lock: only one job with the same lock runs at a time;
            ends: whether it ends or deletes what is over: then it waits while a clock is in doubt."""

    def registered(function: Callable[Takes, Gives]) -> Any:
        TITLES[name] = title
        ENDING.update([name] if ends else [])
        made: Any = app.task(
            name=name, queue=queue, retry=ThreeTries(), queueing_lock=name if every else None, lock=lock or None
        )(function)
        return app.periodic(cron=every)(made) if every else made

    return registered


def retire(*names: str) -> None:
    """Work that older releases queued and that has nothing left to do: a job of theirs that still waits ends well."""
    for name in names:

        @task(name, name)
        def done(**_ids: str | int) -> None:
            pass


def defer(name: str, *, at: datetime | None = None, soon: bool = False, lock: str = "", **ids: str | int) -> None:
    """Queues the job in the caller's transaction: a rollback undoes it, also inside jobs.

    Takes   soon: a page that waits for it, as `run_soon` says, runs it itself; where none does, a worker takes it;
            lock: only one job with the same lock runs at a time."""
    waiting = _waiting.get() if soon else None
    if waiting is not None:
        at = datetime.now(UTC) + RESERVED
    with _with_its_errors():
        job = app.configure_task(name, schedule_at=at, lock=lock or None).defer(**ids)
    if waiting is not None:
        waiting.append(_WaitingJob(job, name, ids))


@contextmanager
def _with_its_errors() -> Iterator[None]:
    """The database's errors as of any other statement: who waits for a lock or repeats a deadlock knows them by those.

    The queue's own hide them."""
    try:
        yield
    except ConnectorException as error:
        with transaction.get_connection().wrap_database_errors:
            raise (error.__cause__ or error) from None


def list_waiting(name: str, **ids: str | int) -> Sequence[int]:
    """The numbers of the jobs of this name and these ids that no worker has begun, nor tried; not all of many."""
    found = _list_untried().filter(task_name=name, args__contains=ids).values_list("id", flat=True)
    return list(found[:_MOST_LISTED])


def forget(jobs: Sequence[int]) -> None:
    """Takes those of these jobs out of the queue that no worker has begun by now, nor tried."""
    waiting = _list_untried().filter(id__in=jobs)
    waiting._raw_delete(waiting.db)  # the database deletes what belongs to them, in the same statement


def now() -> datetime:
    """The moment at which a job runs: the present, except in the past of a demonstration."""
    return _moment.get() or datetime.now(UTC)


@contextmanager
def run_at(moment: datetime) -> Iterator[None]:
    """For a demonstration: jobs in it run as if it were then."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


@contextmanager
def run_soon(limit: Callable[[float], AbstractContextManager[None]]) -> Iterator[None]:
    """Runs what is queued with `soon` inside it at its end, which is after the transaction that queued it.

    A job that isn't done in time, or fails, stays queued: a worker does it, and tells if it fails three times.
    Takes   limit: in what it gives for so many seconds, no statement begins later or takes longer."""
    waiting: list[_WaitingJob] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    if not transaction.get_connection().in_atomic_block:
        for job in waiting:
            _run(job, limit)


@dataclass(frozen=True)
class _WaitingJob:
    id: int
    name: str
    ids: dict[str, str | int]


_moment: ContextVar[datetime | None] = ContextVar("the moment of jobs in a demonstration's past", default=None)
_waiting: ContextVar[list[_WaitingJob] | None] = ContextVar("jobs that this page runs itself", default=None)


def _jobs() -> Any:
    from procrastinate.contrib.django.models import ProcrastinateJob  # tables, which Django has to know first

    return ProcrastinateJob.objects.all()


def _list_untried() -> Any:
    return _jobs().filter(status="todo", attempts=0)


def _run(job: _WaitingJob, limit: Callable[[float], AbstractContextManager[None]]) -> None:
    queued = _jobs().filter(pk=job.id, status="todo")
    try:
        # What it stores is in the language and zone of a worker, not of the page’s reader.
        with limit(WITHIN_SECONDS), translation.override(settings.LANGUAGE_CODE), timezone.override(None):
            app.tasks[job.name].func(**job.ids)
        queued._raw_delete(queued.db)  # the database deletes what belongs to it, in the same statement
    except Exception as error:  # whatever it was: the worker meets it again, and knows what to do with it
        _log.info("A page left %s to the worker: %s.", job.name, type(error).__name__)
        with suppress(DatabaseError):  # without this, it begins when it is no longer reserved
            queued.update(scheduled_at=Now())


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
