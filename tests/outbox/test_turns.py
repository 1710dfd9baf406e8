"""Turns of a lane: many emails take a few, and whatever commits while one runs is sent."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob as Job
from tests.mail import Sink, sink
from tests.outbox.test_delivery import posted, proven, site
from tests.outbox.test_lanes import address

from troth import alarms
from troth.outbox import lanes, turns
from troth.outbox.emails import MailLane
from troth.outbox.models import QueuedEmail
from troth.queries import run

__all__ = ["sink", "site"]

pytestmark = pytest.mark.django_db(transaction=True)
State = QueuedEmail.State


def list_states() -> list[str]:
    return list(QueuedEmail.objects.order_by("queued_utc").values_list("state", flat=True))


def count_waiting() -> int:
    return Job.objects.filter(task_name=turns.TASK, status="todo").count()


def test_one_turn_does_what_many_emails_queued(sink: Sink) -> None:
    for number in range(5):
        posted(proven(address(number)))
    posted(proven(address(6)), purpose="offers")
    assert count_waiting() == 6

    lanes.run(MailLane.SERVICE)

    assert list_states() == [*[State.SENT] * 5, State.PLANNED]
    assert count_waiting() == 1, "that of the other lane"


def test_turn_that_cannot_take_others_over_sends_and_then_fails(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_waiting: Sequence[int]) -> None:
        raise RuntimeError

    monkeypatch.setattr(turns, "take_over", fail)
    for number in range(3):
        posted(proven(address(number)))

    with pytest.raises(RuntimeError):
        lanes.run(MailLane.SERVICE)

    assert list_states() == [State.SENT] * 3
    assert count_waiting() == 3, "each finds nothing to send"


def test_turns_keep_their_connections_until_none_came_for_a_minute(sink: Sink) -> None:
    def list_used() -> set[int]:
        clients = "datname = current_database() and backend_type = 'client backend'"  # it is vacuumed, too
        return {pid for (pid,) in run(f"select pid from pg_stat_activity where {clients}")} - others

    def send_some() -> set[int]:
        for person in people:
            posted(person)
        lanes.run(MailLane.SERVICE)
        return list_used()

    people = [proven(address(number)) for number in range(5)]
    others: set[int] = set()
    others = list_used()
    with lanes.lasting():
        first = send_some()
        assert len(first) == 2, "Two threads ask the database."
        assert send_some() == first
        run("select pg_terminate_backend(pid) from unnest(%s) pid", [list(first)])
        assert send_some().isdisjoint(first), "One that broke is replaced."
        lanes.disconnect_idle(at_utc=datetime.now(UTC) + timedelta(seconds=50))
        assert len(list_used()) == 2
        lanes.disconnect_idle(at_utc=datetime.now(UTC) + timedelta(seconds=61))
        deadline = time.monotonic() + 10
        while list_used():
            assert time.monotonic() < deadline, "Without turns they are closed."
    assert set(list_states()) == {State.SENT}


def test_an_email_committed_after_the_last_claim_of_a_turn_has_a_turn_of_its_own(sink: Sink, run_jobs: Any) -> None:
    first, late = proven(address(1)), proven(address(2))
    posted(first)
    written, ended = threading.Event(), threading.Event()

    def post_late() -> None:
        with transaction.atomic():
            posted(late)
            written.set()
            ended.wait(30)
        connections.close_all()

    other = threading.Thread(target=post_late)
    other.start()
    assert written.wait(30)
    lanes.run(MailLane.SERVICE)
    assert list_states() == [State.SENT]
    assert count_waiting() == 0
    ended.set()
    other.join()

    assert count_waiting() == 1
    run_jobs()
    assert list_states() == [State.SENT] * 2


def test_an_email_committed_before_the_claim_leaves_in_this_turn(
    sink: Sink, run_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    list_waiting, people = turns.list_waiting, [proven(address(number)) for number in range(3)]
    posted(people.pop())

    def then_post(lane: str) -> Sequence[int]:
        waiting = list_waiting(lane)
        if people:
            posted(people.pop())
        return waiting

    monkeypatch.setattr(turns, "list_waiting", then_post)
    lanes.run(MailLane.SERVICE)
    assert list_states() == [State.SENT] * 3
    assert count_waiting() <= 1
    run_jobs()
    assert len(sink.taken) == 3


def test_turns_that_fail_become_an_alarm_however_many_emails_come(
    sink: Sink, run_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_asked: object, **_named: object) -> Callable[[], None]:
        raise RuntimeError

    monkeypatch.setattr("troth.outbox.claims.claim_due", fail)
    for number in range(3):
        posted(proven(address(number)))
        run_jobs()
        Job.objects.filter(status="todo").update(scheduled_at=None)
    assert len(alarms.standing()) == 1
