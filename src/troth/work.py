"""The clock: the process that runs queued jobs, and takes up again those whose process died."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from procrastinate import App, JobContext
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.middleware import SyncCallNext
from procrastinate.worker import Worker

from troth import gate

HEARTBEAT_SECONDS = 5
STALLED_AFTER_SECONDS = 15
"""A worker that was silent for so long is dead: three missed heartbeats."""


@jobs.periodic(cron="* * * * * */10")
@jobs.task(name="work.resume", queueing_lock="work.resume", pass_context=True)
async def resume(context: JobContext, timestamp: int) -> None:
    """Queue again each job whose worker died in it. Jobs are idempotent, so what was done is not done twice."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        try:
            await manager.retry_job(job)
        except AlreadyEnqueued:
            # A younger job of the same kind waits already; the stalled one has nothing left to do.
            continue


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="work.let_go", queueing_lock="work.let_go")
def let_go(timestamp: int) -> None:
    """Delete data whose time has come, a thousand people at a time."""
    while gate.let_go():
        continue


def close_connections(call_next: SyncCallNext, context: JobContext, worker: Worker) -> Any:
    """A job's own connection ends with the job: its thread may never run another."""
    try:
        return call_next()
    finally:
        connections.close_all()


def run() -> None:
    """Run jobs until told to stop (SIGTERM, SIGINT); those in progress are finished first. Raises WrongMasterKey."""
    gate.verify_key()
    with _for_working() as worker:
        worker.run_worker(
            name="troth",
            concurrency=4,
            fetch_job_polling_interval=2,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_AFTER_SECONDS,
            shutdown_graceful_timeout=10,
            delete_jobs="successful",
            task_middleware=[close_connections],
        )


def run_until_empty() -> None:
    """Run what is due now, one job after another, and give back."""
    with _for_working() as worker:
        worker.run_worker(
            wait=False,
            concurrency=1,
            listen_notify=False,
            install_signal_handlers=False,
            task_middleware=[close_connections],
        )


@contextmanager
def _for_working() -> Iterator[App]:
    """The app with connections of its own: Django's can only queue."""
    queueing = jobs.connector
    assert isinstance(queueing, DjangoConnector)
    with jobs.replace_connector(queueing.get_worker_connector()) as app:
        yield app
