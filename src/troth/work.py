"""The worker: runs queued and periodic jobs, and requeues those whose process died."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.conf import settings
from django.db import OperationalError, connections
from django.utils.translation import gettext_lazy as _
from procrastinate import App, JobContext
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateWorker
from procrastinate.exceptions import ConnectorException
from procrastinate.middleware import SyncCallNext
from procrastinate.worker import Worker

from troth import alarms, gate, queue
from troth.collection.mailbox import receiving
from troth.gate import owner
from troth.logs import database_away
from troth.outbox import lanes
from troth.security import acts

HEARTBEAT_SECONDS = 5
STALLED_AFTER_SECONDS = 15
"""A worker that was silent for so long is dead: three missed heartbeats."""
_JOBS = 8
"""At a time: four lanes of email have one each at most, so that as many are left for everything else."""

_EXPIRING = 2
_ASKED_AGAIN_SECONDS = 1


@queue.task("work.resume", _("Restart interrupted jobs"), every="* * * * * */10")
def resume(timestamp: int) -> None:
    """Queues each job whose worker died in it again. Jobs are idempotent, so nothing is done twice."""
    alarms.take_up_stalled(silent=timedelta(seconds=STALLED_AFTER_SECONDS), at_utc=datetime.now(UTC))


@queue.task("work.let_go", _("Delete data past its retention period"), every="*/10 * * * *", ends=True)
def expire(timestamp: int) -> None:
    """Deletes expired data, a thousand people at a time; where that is not all, on two connections at once.

    Each takes people whom the other does not have, and works while the other's commit waits for the disk."""
    if gate.expire() < gate.EXPIRED_AT_ONCE:
        return
    with ThreadPoolExecutor(_EXPIRING) as pool:
        done = [pool.submit(_expire_rest) for _each in range(_EXPIRING)]
    for each in done:
        each.result()


def _expire_rest() -> None:
    """In a thread of its own."""
    try:
        while gate.expire():
            continue
    finally:
        connections.close_all()


@queue.task("work.reckon", _("Apply changed retention periods to stored data"), every="* * * * *")
def reckon(timestamp: int) -> None:
    """Applies a new version's retention periods, a thousand people at a time.

    If interrupted, it continues where it was; the gate doesn't wait for it."""
    while gate.reckon():
        continue


@queue.task("work.tidy", _("Delete old activity log entries"), every="25 4 * * *", ends=True)
def tidy(timestamp: int) -> None:
    acts.tidy()


def close_connections(call_next: SyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Closes a job's connection when the job ends, because its thread may never run another."""
    try:
        return call_next()
    finally:
        connections.close_all()


def note_outcome(call_next: SyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Records why a try failed next to the queue, on a connection that the failure didn't break."""
    job = context.job
    assert job.id is not None
    try:
        done = call_next()
    except Exception as error:
        connections.close_all()
        alarms.note_failure(job.id, error, at_utc=datetime.now(UTC))
        if not queue.is_last(job.attempts):
            alarms.make_way(job.queueing_lock)
        raise
    alarms.note_success(job.id, job.queueing_lock)
    return done


def mind_clock(call_next: SyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Before what can't be undone if a clock is wrong: it is an alarm, and tried again at its next time."""
    if context.job.task_name in queue.ENDING and (doubt := gate.find_doubt()):
        raise queue.JobStopped(doubt)
    return call_next()


_AROUND_EACH_JOB = [close_connections, note_outcome, mind_clock]


_ENDED = "%s. No more jobs are run here. Once it is started again, this waits for the database."


class DatabaseAway(Exception):
    """No job can be run, for the database doesn't answer any more; the message is a sentence for the log."""


def run(*, began: Callable[[], None] = lambda: None, waits: Callable[[str], None] = lambda why: None) -> None:
    """Runs jobs until stopped (SIGTERM, SIGINT); finishes those in progress first.

    Takes   waits: called once with the reason, if the database doesn't answer yet
    Raises  WrongMasterKey, WrongRole, DatabaseAway. Started again after that, it waits."""
    _await_database(waits)
    owner.check_role()
    gate.verify_key()
    gate.find_doubt()  # from now on, clocks are compared
    began()
    try:
        with _minding_breaks() as breaks, lanes.lasting(), receiving.taking_mail(settings.TROTH_INCOMING):
            _work()
    except (ConnectorException, OperationalError) as error:
        raise DatabaseAway(_ENDED % database_away(error)) from error
    if breaks.ended:  # the worker ends as if told to when its connection broke
        raise DatabaseAway(_ENDED % breaks.why)


class _Breaks(logging.Filter):
    """Keeps why connections broke in place of the lines that the worker logs of it, one for each connection.

    `ended`: the worker ends because of it"""

    why, ended = "", False

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        why = database_away(error) if error is not None and record.name.startswith("procrastinate.") else ""
        self.why = self.why or why
        self.ended |= bool(why) and getattr(record, "action", "") == "side_task_failed"
        return not why


@contextmanager
def _minding_breaks() -> Iterator[_Breaks]:
    breaks, handlers = _Breaks(), logging.getLogger().handlers
    for each in handlers:
        each.addFilter(breaks)
    try:
        yield breaks
    finally:
        for each in handlers:
            each.removeFilter(breaks)


def _await_database(waits: Callable[[str], None]) -> None:
    for tries in count():
        try:
            connections["default"].ensure_connection()
            return
        except OperationalError as error:
            if not tries:
                waits(str(error).splitlines()[0])
        time.sleep(_ASKED_AGAIN_SECONDS)


def _work() -> None:
    with _for_working() as worker:
        worker.run_worker(
            name="troth",
            concurrency=_JOBS,
            fetch_job_polling_interval=2,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_AFTER_SECONDS,
            shutdown_graceful_timeout=10,
            delete_jobs="successful",
            task_middleware=_AROUND_EACH_JOB,
        )


def is_alive(at_utc: datetime) -> bool:
    """Whether a worker gave a sign of life a moment ago."""
    since = at_utc - timedelta(seconds=STALLED_AFTER_SECONDS)
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=since).exists()


UNTIL_EMPTY: dict[str, Any] = {
    "wait": False,
    "concurrency": 1,
    "listen_notify": False,
    "install_signal_handlers": False,
}
"""How a worker runs what is due now, one job after another, and ends."""


def run_until_empty() -> None:
    """Runs what is due now, one job after another, and returns."""
    with _for_working() as worker:
        worker.run_worker(**UNTIL_EMPTY, task_middleware=_AROUND_EACH_JOB)


@contextmanager
def _for_working() -> Iterator[App]:
    """An app with its own connections, because Django's can only queue.

    The main app keeps Django's, so that what a job queues is part of its transaction, and a rollback undoes it."""
    queueing = jobs.connector
    assert isinstance(queueing, DjangoConnector)
    yield jobs.with_connector(queueing.get_worker_connector())
