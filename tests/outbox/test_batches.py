"""Sendings to many: stopped by themselves, resumed, ended; and choices that race with the claim of an email."""

import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction
from django.db.models import F
from tests.mail import Sink, sink
from tests.outbox.test_delivery import HelloFacts, posted, proven, site
from tests.outbox.test_lanes import address

from troth import gate, outbox
from troth.outbox import batches, claims, delivery, emails, faults, lanes, many, returned, rounds
from troth.outbox.emails import Email, EmailKind, MailLane
from troth.outbox.models import EmailBatch, QueuedEmail
from troth.outbox.transport import Lines
from troth.records.ledger import history

__all__ = ["sink", "site"]

pytestmark = pytest.mark.django_db(transaction=True)
RACES = int(os.environ.get("TROTH_RACES", "20"))
State = QueuedEmail.State


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the email's room was told."""
    found: list[Any] = []
    hello = Email(
        "hello",
        "Hello",
        "offers",
        EmailKind.MARKETING,
        facts=HelloFacts,
        stopped=lambda cause, why: found.append((cause, why)),
        ended=lambda cause, at_utc: found.append((cause, "ended")),
    )
    monkeypatch.setattr(emails, "_known", {"tests/hello": hello})
    return found


def plan(count: int, *, pace: int = 0) -> UUID:
    for number in range(count):
        proven(address(number))
    chosen, issue = gate.select("offers", "email", reason="an issue"), gate.new_id()
    assert many.plan_many([part_of(chosen)], cause=issue, pace=pace) == count
    return issue


def part_of(chosen: gate.Selection) -> many.SendingPart:
    return many.SendingPart(chosen.packed, purpose="offers", email="tests/hello", facts=HelloFacts(number="7"))


def states() -> Counter[tuple[str, str]]:
    return Counter(QueuedEmail.objects.values_list("state", "why"))


def test_too_many_refusals_hold_the_rest_until_staff_resume_and_count_anew(
    sink: Sink, told: list[Any], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.TROTH_SMTP_CONNECTIONS = 1
    monkeypatch.setattr(batches, "LEAST_REFUSALS", 3)
    monkeypatch.setattr(lanes, "_EACH_CONNECTION", 4)
    issue = plan(9)
    sink.to_recipients = ["550 5.7.1 rejected as spam"] * 4

    lanes.run(MailLane.MARKETING)

    assert told == [(issue, claims.TOO_MANY)]
    assert batches.count(issue).failed == 4
    assert states()[State.HELD, claims.TOO_MANY] == 5
    again = part_of(gate.select("offers", "email", reason="x"))
    with pytest.raises(batches.BatchStopped):
        many.plan_many([again], cause=issue)
    sink.to_recipients = []
    with transaction.atomic():
        assert batches.resume(issue, at_utc=datetime.now(UTC)) == MailLane.MARKETING
    lanes.run(MailLane.MARKETING)
    assert (batches.count(issue).sent, told[1:]) == (5, [(issue, "ended")])


def test_a_sending_that_all_refuse_ends_once_it_is_resumed(
    sink: Sink, told: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "LEAST_REFUSALS", 3)
    issue = plan(3)
    sink.to_recipients = ["550 5.1.1 no such user"]
    lanes.run(MailLane.MARKETING)
    assert told == [(issue, claims.TOO_MANY)]
    with transaction.atomic():
        assert batches.resume(issue, at_utc=datetime.now(UTC)) == MailLane.MARKETING, "Something has to end it."
    lanes.run(MailLane.MARKETING)
    assert told[1:] == [(issue, "ended")]


def test_a_stop_holds_what_was_claimed_and_what_a_server_put_off(sink: Sink, told: list[Any]) -> None:
    issue = plan(5)
    sink.to_recipients = ["451 4.7.1 later"]
    round = rounds.MailRound(claims.claim_due(MailLane.MARKETING, most=4, at_utc=datetime.now(UTC)) or [])
    with Lines() as lines:
        (begun,) = round.take()
        batches.stop(issue)
        delivery.send(begun, lines, round)
        assert not round.take()
    round.settle()
    assert states() == {(State.HELD, claims.STOPPED): 4, (State.PLANNED, "smtp 451 4.7.1"): 1}

    QueuedEmail.objects.filter(state=State.PLANNED).update(next_try_utc=None)
    sink.to_recipients = []
    lanes.run(MailLane.MARKETING)
    assert states() == {(State.HELD, claims.STOPPED): 5}
    assert not sink.taken


def sent_a_minute(minutes: int) -> list[int]:
    """How many emails leave in each of the next minutes: time passes for the emails, not for the clock."""
    found, sent = list[int](), QueuedEmail.objects.filter(state=State.SENT).count()
    for _minute in range(minutes):
        lanes.run(MailLane.MARKETING)
        found.append(QueuedEmail.objects.filter(state=State.SENT).count() - sent)
        sent += found[-1]
        pass_time(timedelta(minutes=1))
    return found


def pass_time(time: timedelta) -> None:
    QueuedEmail.objects.filter(state=State.PLANNED).update(next_try_utc=F("next_try_utc") - time)


def test_a_pace_holds_minute_by_minute_after_a_stop_and_when_turns_were_missed(sink: Sink, told: list[Any]) -> None:
    issue = plan(9, pace=120)
    assert sent_a_minute(2) == [2, 2]
    batches.stop(issue)
    with transaction.atomic():
        batches.resume(issue, at_utc=datetime.now(UTC))
    assert sent_a_minute(2) == [0, 2], "Two left within the minute before."
    pass_time(timedelta(hours=3))
    assert sent_a_minute(4) == [0, 2, 1, 0]
    assert (told, len(sink.taken)) == ([(issue, claims.STOPPED), (issue, "ended")], 9)


def test_complaints_of_three_in_a_thousand_stop_it_and_a_later_bounce_is_no_delivery(
    sink: Sink, told: list[Any]
) -> None:
    issue = plan(3)
    lanes.run(MailLane.MARKETING)
    EmailBatch.objects.update(ended_utc=None)
    first, second = QueuedEmail.objects.all()[:2]
    fault = faults.sort_bounce("5.1.1", "550 no such user")
    assert returned.note_bounce(first.pk, status="5.1.1", fault=fault)
    assert not returned.note_bounce(first.pk, status="5.1.1", fault=fault), "once"
    first.refresh_from_db()
    assert (first.state, first.why, first.fault) == (State.FAILED, "bounce 550 5.1.1", faults.NOBODY)
    assert history(first.person_id)[0].kind == "not delivered"
    told_of = outbox.of_request(first.request, you="you")[0].sentence
    assert "We couldn’t deliver our email to you because the mail server does not know this mailbox" in told_of
    returned.note_complaint(second.pk)
    assert told[-1] == (issue, claims.COMPLAINTS)
    found = batches.count(issue)
    assert (found.planned, found.sent, found.nobody, found.complaints) == (3, 2, 1, 1)


def test_a_choice_that_races_with_an_email_wins_once_it_is_committed(sink: Sink, told: list[Any]) -> None:
    """Each round, one thread says no while another claims and sends: nothing is claimed after the no."""
    choose, ended = random.Random(11), Counter[str]()
    with ThreadPoolExecutor(2) as threads:
        for number in range(RACES):
            person = proven(address(number))
            email = posted(person, purpose="offers")
            start, pauses = Barrier(2), (choose.random() / 100, choose.random() / 100)
            says_no = threads.submit(_wait_and, start, pauses[0], _say_no, person)
            sends = threads.submit(_wait_and, start, pauses[1], lanes.run, MailLane.MARKETING)
            said = says_no.result()
            sends.result()
            lanes.run(MailLane.MARKETING)
            email.refresh_from_db()
            ended[email.state] += 1
            came = sum(str(mail["Message-ID"]).startswith(f"<{email.pk}@") for _to, mail in sink.taken)
            kinds = [entry.kind for entry in history(person)]
            assert came == kinds.count("notified") == (email.state == State.SENT)
            assert email.claimed_utc
            if email.state == State.SENT:
                assert email.claimed_utc <= said, "nothing is claimed once the no is committed"
            else:
                assert (email.state, email.why) == (State.REFUSED, "opted out")
    assert set(ended) <= {State.SENT, State.REFUSED}
    assert sum(ended.values()) == RACES


def _say_no(person: UUID) -> None:
    gate.choose(person=person, question="marketing", version=1, yes=False, way="preference page")


def _wait_and(start: Barrier, pause: float, act: Any, about: Any) -> datetime:
    """When it was done."""
    try:
        start.wait()
        time.sleep(pause)
        act(about)
        return datetime.now(UTC)
    finally:
        connections.close_all()
