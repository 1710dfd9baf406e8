"""What is due at a time: recomputed, canceled, the most urgent only, once, and a bad one stops nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob as Job
from tests.passing import pass_until
from tests.site import site
from tests.worlds import known_person

from troth import alarms, due, queue
from troth.cases import actions, plans
from troth.cases.kinds import kinds
from troth.cases.models import Case
from troth.due import running
from troth.due.models import Due
from troth.gate import new_id

__all__ = ["site"]

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
WHAT = "tests.remind"

pytestmark = pytest.mark.django_db(transaction=True)


Sent = list[tuple[UUID, str]]
"""What was done: about what, and which step."""


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    done: Sent = []
    monkeypatch.setitem(running._ACTS, WHAT, lambda about, step, _at: done.append((about, step)))
    return done


def planned(about: UUID, *, start: datetime = NOW, group: UUID | None = None) -> UUID:
    due.plan(WHAT, about=about, steps={f"{day}": start + day * DAY for day in (1, 2, 3)}, group=group)
    return about


def test_each_step_is_done_once_at_its_time(sent: Sent) -> None:
    about = planned(uuid4())
    assert pass_until(NOW) == []
    for day in (1, 1, 2, 3, 3):
        pass_until(NOW + day * DAY)
    assert sent == [(about, "1"), (about, "2"), (about, "3")]
    assert not Due.objects.exists()


def test_after_a_week_without_a_worker_the_most_urgent_alone_is_done(sent: Sent) -> None:
    about = planned(uuid4())
    pass_until(NOW + 7 * DAY)
    assert sent == [(about, "3")]
    assert not Due.objects.exists()


def test_of_several_things_in_one_group_the_most_urgent_is_done(sent: Sent) -> None:
    group = uuid4()
    far, near = planned(uuid4(), start=NOW + 1.5 * DAY, group=group), planned(uuid4(), group=group)
    pass_until(NOW + 3 * DAY)  # the first step of one, the last of the other
    assert sent == [(near, "3")]
    pass_until(NOW + 9 * DAY)
    assert sent == [(near, "3"), (far, "3")]


def test_planning_anew_replaces_and_canceling_ends(sent: Sent) -> None:
    moved, ended = planned(uuid4()), planned(uuid4())
    planned(moved, start=NOW + 10 * DAY)
    due.cancel(WHAT, about=ended)
    assert pass_until(NOW + 9 * DAY) == []
    pass_until(NOW + 11 * DAY)
    assert sent == [(moved, "1")]


def test_a_job_that_was_queued_before_it_was_canceled_or_moved_does_nothing(sent: Sent) -> None:
    about = planned(uuid4())
    old = Due.objects.get(step="1").pk
    assert due.hand_out(at_utc=NOW + DAY) == 1
    planned(about, start=NOW + 10 * DAY)
    running.do(old, at_utc=NOW + DAY)
    assert sent == []


def test_a_step_is_handed_out_once(sent: Sent) -> None:
    planned(uuid4())
    assert [due.hand_out(at_utc=NOW + DAY) for _again in range(2)] == [1, 0]
    assert Job.objects.filter(task_name=WHAT).count() == 1


def test_what_was_killed_in_the_middle_is_done_again_and_once(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    about = planned(uuid4())
    row = Due.objects.get(step="1")
    with monkeypatch.context() as killed:
        killed.setitem(running._ACTS, WHAT, lambda *_any: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            running.do(row.pk, at_utc=NOW + DAY)
    for _again in range(2):
        running.do(row.pk, at_utc=NOW + DAY)
    assert sent == [(about, "1")]


def test_a_bad_one_is_an_alarm_with_its_title_and_stops_nothing(
    site: Any, run_jobs: Any, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = (opened() for _each in range(2))
    act = running._ACTS[plans.NOTICE]

    def fails_for_one(about: UUID, step: str, at_utc: datetime) -> None:
        if about == bad.id:
            raise ValueError("cannot be done")
        act(about, step, at_utc)

    monkeypatch.setitem(running._ACTS, plans.NOTICE, fails_for_one)
    assert good.notice_utc
    time_machine.move_to(good.notice_utc + timedelta(minutes=1))
    assert due.hand_out(at_utc=datetime.now(UTC)) >= 2
    for _try in range(queue.TRIES):
        Job.objects.filter(task_name=plans.NOTICE, status="todo").update(scheduled_at=None)
        run_jobs()
    good.refresh_from_db()
    assert good.noticed_utc
    assert [alarm.title for alarm in alarms.standing()] == ["Email someone whose privacy request is still open"]


def opened(kind: str = "correction") -> Case:
    person = known_person({"name": "Alice", "email": f"{uuid4()}@ashby.example"}, channel="form.privacy")
    return actions.open_case(
        kinds()[kind], actions.CaseArrival(id=new_id(), person=person, manner="form", at_utc=NOW), verified=True
    ).case


def test_a_case_that_gets_more_time_is_planned_anew(site: Any) -> None:
    from tests.acting import acting_as

    case = opened()
    before = dict(Due.objects.filter(about=case.id).values_list("what", "at_utc"))
    with acting_as("pia", role="privacy"):
        later = actions.extend(case.id, why="the archive", at_utc=NOW, who="staff:pia")
    after = dict(Due.objects.filter(about=case.id).values_list("what", "at_utc"))
    assert later.notice_utc
    assert after[plans.NOTICE] == later.notice_utc > before[plans.NOTICE]
    assert set(before) == set(after) == {plans.REMIND, plans.NOTICE}


@pytest.mark.parametrize("end", ["answered", "withdrawn"])
def test_nothing_of_a_case_is_due_once_it_has_ended(site: Any, end: str) -> None:
    case = opened()
    if end == "answered":
        actions.answer(case.id, nature="complied", at_utc=NOW, who=actions.PROGRAM, email=False)
    else:
        actions.withdraw(case.id, at_utc=NOW, who="person")
    assert not Due.objects.filter(about=case.id).exists()


def test_a_case_left_alone_for_weeks_gets_one_reminder_and_one_notice(site: Any, run_jobs: Any) -> None:
    case = opened()
    pass_until(case.due_utc + 7 * DAY)
    assert list(case.events.filter(what="reminder").values_list("words", flat=True)) == ["100"]
    assert case.events.filter(what="notice").count() == 1
