"""Jobs whose worker died in them are taken up again, once."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, connections
from procrastinate.contrib.django import app as jobs

from troth import gate, work
from troth.gate import WrongRole, owner

DONE: list[str] = []
USED: list[Any] = []


@jobs.task(name="tests.note")
def note(word: str) -> None:
    DONE.append(word)


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    DONE.clear()
    USED.clear()


def die_in(job: int, *, silent_seconds: int) -> None:
    """Leaves the job as a worker does that was killed in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (now() - %s * interval '1 second') returning id",
            [silent_seconds],
        )
        (worker,) = cursor.fetchone()
        cursor.execute("update procrastinate_jobs set status = 'doing', worker_id = %s where id = %s", [worker, job])


def test_job_of_a_dead_worker_runs_again_once(run_jobs: Callable[[], None]) -> None:
    die_in(note.defer(word="kept"), silent_seconds=work.STALLED_AFTER_SECONDS + 5)
    jobs.configure_task("work.resume").defer(timestamp=0)
    run_jobs()
    run_jobs()
    assert DONE == ["kept"]


def test_job_of_a_living_worker_is_left_alone(run_jobs: Callable[[], None]) -> None:
    die_in(note.defer(word="busy"), silent_seconds=1)
    jobs.configure_task("work.resume").defer(timestamp=0)
    run_jobs()
    assert DONE == []


@pytest.mark.django_db
def test_without_a_database_jobs_wait_and_say_so_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    answers = [OperationalError("It starts.\n Is it there?"), OperationalError("It starts."), None]

    def connect() -> None:
        if problem := answers.pop(0):
            raise problem

    def refuse() -> None:
        raise WrongRole("Only once it is there is it looked at.")

    monkeypatch.setattr(connections["default"], "ensure_connection", connect)
    monkeypatch.setattr(work, "_ASKED_AGAIN_SECONDS", 0)
    monkeypatch.setattr(owner, "check_role", refuse)
    with pytest.raises(WrongRole):
        work.run(waits=said.append)
    assert (said, answers) == (["It starts."], [])


@pytest.mark.django_db
def test_a_database_that_goes_away_is_one_sentence_and_no_line_for_each_connection(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def lose() -> None:
        away = psycopg.errors.AdminShutdown("terminating connection")
        for logger, action in (("procrastinate.utils", ""), ("procrastinate.worker.troth", "side_task_failed")):
            logging.getLogger(logger).error("failed", exc_info=away, extra={"action": action})

    for part, name in ((work, "_work"), (owner, "check_role"), (gate, "verify_key"), (gate, "find_doubt")):
        monkeypatch.setattr(part, name, lose if name == "_work" else lambda: None)
    with pytest.raises(work.DatabaseAway, match=r"terminating connection\. No more jobs"):
        work.run()
    assert caplog.records == []


@jobs.task(name="tests.touch")
def touch() -> None:
    connection.ensure_connection()
    USED.append(connection.connection)


def test_a_job_closes_its_connections_for_its_thread_may_never_run_another(transactional_db: None) -> None:
    touch.defer()
    with ThreadPoolExecutor(1) as thread:
        thread.submit(work.run_until_empty).result()
    (used,) = USED
    assert used.closed
