"""Three quick tries, then an alarm: never silence, never a value of anybody, and a button to try again."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import OperationalError, transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.models import ProcrastinateJob as Job
from tests.site import site
from tests.test_work import die_in
from tests.visits import BROWSER, signed_in, text

from troth import alarms, queue, work
from troth.cli.jobs import jobs_commands
from troth.security.acts import Act

__all__ = ["site"]

DONE: list[str] = []
WRONG: list[Exception] = []
NEXT: list[int] = []
"""The next run of the clock's work, which is queued while one runs."""
SECRET = "marisol.vance@halden-valve-works.example"


@queue.task("tests.fragile", "Try something")
def fragile(word: str) -> None:
    if WRONG:
        raise WRONG[0]
    DONE.append(word)


@queue.task("tests.ticking", "Look at the clock", every="0 0 1 1 *")
def ticking(timestamp: int) -> None:
    if NEXT:
        ticking.defer(timestamp=NEXT.pop())
    if WRONG:
        raise WRONG[0]
    DONE.append(str(timestamp))


@queue.task("tests.half", "Do half of it")
def half(word: str) -> None:
    with transaction.atomic():
        queue.defer("tests.fragile", word=word)
        raise ValueError("half-way")


@pytest.fixture(autouse=True)
def _fresh(site: Any) -> None:
    DONE.clear()
    WRONG.clear()


def mine() -> "QuerySet[Job]":
    """The jobs of these tests: the clock has its own."""
    return Job.objects.filter(task_name__startswith="tests.")


def run_until_final(run_jobs: Callable[[], None]) -> None:
    """As many rounds as pauses would bring, without waiting for them."""
    for _round in range(queue.TRIES + 2):
        mine().filter(status="todo").update(scheduled_at=None)
        run_jobs()


def test_every_task_is_under_the_one_rule_and_says_what_it_does() -> None:
    ours = {
        name: task for name, task in jobs.tasks.items() if not name.startswith(("builtin:", "procrastinate.", "tests."))
    }
    assert len(ours) > 15
    assert [name for name, task in ours.items() if not isinstance(task.retry_strategy, queue.ThreeTries)] == []
    assert [name for name in ours if not str(queue.TITLES.get(name, ""))] == []


def test_a_job_that_fails_is_tried_three_times_within_a_minute_and_then_stands_as_an_alarm(run_jobs) -> None:
    WRONG.append(ValueError(f"no such person: {SECRET}"))
    fragile.defer(word="kept")
    run_jobs()
    waiting = mine().get()
    assert (waiting.status, waiting.attempts) == ("todo", 1)
    assert waiting.scheduled_at
    assert waiting.scheduled_at - datetime.now(UTC) <= timedelta(seconds=60)
    assert alarms.standing() == []

    run_until_final(run_jobs)

    [alarm] = alarms.standing()
    assert (alarm.title, alarm.times) == ("Try something", 3)
    assert alarm.cause == "A program error. The server log says what and where."
    assert SECRET not in alarm.cause
    assert SECRET not in str(list(Act.objects.values_list()))
    assert mine().get().status == "failed"


def test_the_console_shows_the_alarm_and_its_button_does_the_work(run_jobs) -> None:
    WRONG.append(OperationalError("the database said no"))
    fragile.defer(word="done at last")
    run_until_final(run_jobs)
    client = signed_in("ada", role="admin", name="Ada Brandt")
    page = client.get("/console/")
    shown = text(page)
    assert "Failed jobs 1" in shown
    assert "Try something" in shown
    assert "The database was busy or unavailable." in shown
    assert "OperationalError" not in shown
    assert "failed 3 times" in shown
    assert "done at last" not in shown
    [button] = re.findall(r'action="(/console/failed/\d+/again)"', page.content.decode())

    WRONG.clear()
    assert client.post(button, **BROWSER).status_code == 303
    run_jobs()

    assert DONE == ["done at last"]
    assert "Failed jobs" not in text(client.get("/console/"))
    assert "Ada Brandt Retried a failed job" in text(client.get("/console/activity"))
    assert client.post(button, **BROWSER).status_code == 409


def test_a_press_that_fails_again_is_an_alarm_at_once_and_says_who_pressed(run_jobs) -> None:
    WRONG.append(ValueError())
    fragile.defer(word="x")
    run_until_final(run_jobs)
    alarms.try_again(mine().get().pk, who="staff:rafael", at_utc=datetime.now(UTC))
    run_jobs()
    [alarm] = alarms.standing()
    assert (alarm.times, alarm.tried_by) == (4, "staff:rafael")


def test_other_roles_neither_see_alarms_nor_try_again(run_jobs) -> None:
    WRONG.append(ValueError())
    fragile.defer(word="x")
    run_until_final(run_jobs)
    for role in ("sales", "support", "product", "marketing", "auditor"):
        client = signed_in(f"one-{role}", role=role, name="One")
        assert "Failed jobs" not in text(client.get("/console/"))
        assert client.post(f"/console/failed/{mine().get().pk}/again", **BROWSER).status_code == 404
    assert mine().get().status == "failed"


def test_a_job_whose_worker_dies_in_it_each_time_is_an_alarm_too(run_jobs) -> None:
    job = fragile.defer(word="deadly")
    for _death in range(queue.TRIES):
        die_in(job, silent_seconds=work.STALLED_AFTER_SECONDS + 5)
        alarms.take_up_stalled(silent=timedelta(seconds=work.STALLED_AFTER_SECONDS), at_utc=datetime.now(UTC))
    [alarm] = alarms.standing()
    assert (alarm.times, alarm.cause) == (3, "The process running it stopped before it finished.")
    assert mine().get().status == "failed"


def test_a_clocks_work_is_one_alarm_and_ends_with_the_next_run_that_succeeds(run_jobs) -> None:
    WRONG.append(ValueError())
    for timestamp in (1, 2):
        ticking.defer(timestamp=timestamp)
        run_until_final(run_jobs)
    [alarm] = alarms.standing()
    assert (alarm.title, alarm.times) == ("Look at the clock", 6)

    WRONG.clear()
    ticking.defer(timestamp=3)
    run_jobs()

    assert alarms.standing() == []
    assert DONE == ["3"]


def test_a_clocks_work_is_tried_again_though_its_next_run_waits(run_jobs) -> None:
    WRONG.append(OperationalError("away"))
    NEXT.append(2)
    ticking.defer(timestamp=1)
    run_jobs()
    assert mine().get().args == {"timestamp": 1}
    assert (mine().get().status, mine().get().attempts) == ("todo", 1)


def test_work_that_no_version_knows_any_more_is_an_alarm(run_jobs) -> None:
    jobs.configure_task("gone.for.good").defer(word="x")
    run_jobs()
    [alarm] = alarms.standing()
    assert alarm.cause == "This version doesn’t support this type of job."


def test_what_a_job_queues_is_taken_back_with_its_transaction(run_jobs) -> None:
    half.defer(word="never")
    run_until_final(run_jobs)
    assert DONE == []
    assert [job.task_name for job in mine()] == ["tests.half"]


def test_one_that_fails_delays_no_other_and_is_not_forgotten() -> None:
    seen: list[int] = []

    def act(number: int) -> None:
        if number == 2:
            raise ValueError(number)
        seen.append(number)

    with pytest.raises(ValueError, match="2"):
        queue.each([1, 2, 3], act)
    assert seen == [1, 3]


def test_the_terminal_lists_alarms_and_tries_again(run_jobs) -> None:
    assert "No failed jobs." in CliRunner().invoke(jobs_commands, ["list"]).output
    WRONG.append(ValueError(SECRET))
    job = fragile.defer(word="x")
    run_until_final(run_jobs)
    listed = CliRunner().invoke(jobs_commands, ["list"]).output
    assert f"{job}  Try something" in listed
    assert SECRET not in listed

    WRONG.clear()
    assert CliRunner().invoke(jobs_commands, ["retry", str(job)]).exit_code == 0
    run_jobs()
    assert DONE == ["x"]
    assert Act.objects.get(what=alarms.TRIED).who.startswith("terminal:")
    assert CliRunner().invoke(jobs_commands, ["retry", "999"]).exit_code == 1
