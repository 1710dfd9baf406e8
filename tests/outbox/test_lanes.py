"""Lanes, claims and suppressed addresses: what is in a hurry leaves first, and nothing is lost or sent twice."""

import contextlib
import itertools
import os
import random
import threading
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob as Job
from tests.mail import Sink, free_port, sink
from tests.outbox.test_delivery import CALDER, HelloFacts, given_to, posted, proven, site
from tests.passing import pass_until
from tests.worlds import ALICE, known_person

from troth import alarms, gate, outbox
from troth.cli.outbox import outbox_commands
from troth.outbox import claims, delivery, emails, lanes, many, pauses, suppression, telling, transport, turns
from troth.outbox.board import LANE_TRIED
from troth.outbox.emails import Email, EmailKind, MailLane
from troth.outbox.models import LanePause, QueuedEmail
from troth.records.ledger import history
from troth.security.acts import Act

__all__ = ["sink", "site"]

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, KILLS = int(os.environ.get("TROTH_PEOPLE", "12")), int(os.environ.get("TROTH_KILLS", "6"))
State = QueuedEmail.State


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's emails, known to the house: one of security, one of marketing."""
    found = {
        "tests/hello": Email("hello", "Hello", "quotes", EmailKind.SERVICE, facts=HelloFacts),
        "tests/more": Email("more", "More", "quotes", EmailKind.SECURITY, when=emails.at_once(), facts=HelloFacts),
    }
    monkeypatch.setattr(emails, "_known", found)


def state_of(email: QueuedEmail) -> tuple[str, str]:
    email.refresh_from_db()
    return email.state, email.why


def address(number: int) -> Mapping[str, str]:
    return {**ALICE, "email": f"reader{number}@halden{number % 3}.example"}


def test_an_address_that_nobody_reads_gets_no_email_but_those_of_security(
    sink: Sink, run_jobs: Any, kinds: None
) -> None:
    alice = proven(ALICE)
    suppression.suppress(ALICE["email"].upper(), why="bounce", evidence=gate.new_id())

    service, security = posted(alice), posted(alice, email="tests/more")
    run_jobs()

    assert state_of(service) == (State.REFUSED, "suppressed")
    assert state_of(security)[0] == State.SENT
    kinds_of = Counter(entry.kind for entry in history(alice))
    assert (kinds_of["held back"], kinds_of["used"]) == (1, 1), "nothing of hers was used for what did not leave"
    assert "came back" in outbox.of_request(service.request, you="you")[0].sentence

    assert suppression.lift(ALICE["email"])
    again = posted(alice)
    run_jobs()
    assert state_of(again)[0] == State.SENT


def test_a_complaint_counts_more_than_a_bounce_and_no_address_can_be_read(owner: Any) -> None:
    for why in ("bounce", "complaint", "bounce"):
        suppression.suppress(ALICE["email"], why=why)  # type: ignore[arg-type]
    found = suppression.find_suppression(ALICE["email"])
    assert found
    assert found.why == "complaint"
    assert not suppression.is_suppressed("another" + ALICE["email"])
    assert ALICE["email"] not in str(owner.execute("select suppression::text from suppression").fetchall())


def test_a_recipient_whose_address_is_dead_gets_nothing_and_the_bounce_is_its_evidence(
    sink: Sink, run_jobs: Any
) -> None:
    sink.to_recipients = ["550 5.1.1 no such user here"]
    given = given_to(known_person(ALICE))
    sent = []
    for _again in range(2):
        disclosure = gate.disclose(
            given,
            recipient_class="distributor",
            recipient="calder",
            recipient_name="Calder",
            kinds=["industry"],
            who="program:test",
            reason="territory",
        )
        sent.append(
            outbox.post_disclosed(
                disclosure=disclosure, email="tests/hello", to=CALDER, facts=HelloFacts(), cause=gate.new_id()
            )
        )
        run_jobs()
    assert [state_of(email)[0] for email in sent] == [State.FAILED, State.REFUSED]
    found = suppression.find_suppression(CALDER.address)
    assert found
    assert found.evidence == sent[0].id
    assert not suppression.is_suppressed(ALICE["email"])


def test_a_full_mailbox_and_a_rule_against_spam_suppress_nobody(sink: Sink, run_jobs: Any) -> None:
    for said in ("552 5.2.2 mailbox full", "550 5.7.1 rejected as spam", "550 5.7.1 blocked using zen.spamhaus.org"):
        sink.to_recipients = [said]
        posted(proven({**ALICE, "email": f"x{len(said)}@halden.example"}))
        run_jobs()
    assert not suppression.Suppression.objects.exists()


def test_what_our_mail_server_says_of_us_holds_the_lane_and_is_an_alarm_until_it_takes_one(
    sink: Sink, run_jobs: Any, settings: Any, time_machine: Any, kinds: None, caplog: Any
) -> None:
    port = settings.TROTH_SMTP_PORT
    settings.TROTH_SMTP_PORT = free_port()
    first, second = (posted(proven(address(number))) for number in range(2))
    run_jobs()
    assert sorted(state_of(email) for email in (first, second)) == [
        (State.PLANNED, ""),
        (State.PLANNED, "no connection"),
    ]
    assert [(pause.lane, pause.domain, pause.why) for pause in LanePause.objects.all()] == [
        ("service", "", "no connection")
    ]
    assert "Our mail server took no email (no connection). service email waits until" in caplog.text
    with pytest.raises(pauses.LanePaused) as raised:
        pauses.raise_if_paused()
    assert alarms.cause(raised.value).startswith("Our mail server doesn’t take emails.")
    urgent = posted(proven(address(2)), email="tests/more")
    settings.TROTH_SMTP_PORT = port
    run_jobs()
    assert state_of(urgent)[0] == State.SENT, "another lane finds out for itself"
    assert (State.PLANNED, "") in (state_of(first), state_of(second)), "The lane waits: only one of them was tried."

    time_machine.move_to(datetime.now(UTC) + timedelta(minutes=2))
    pass_until(datetime.now(UTC))
    run_jobs()

    assert {state_of(email)[0] for email in (first, second)} == {State.SENT}
    pauses.raise_if_paused()
    assert alarms.standing() == []


def test_what_several_threads_had_begun_goes_back_when_our_mail_server_is_away(
    sink: Sink, settings: Any, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TROTH_SMTP_CONNECTIONS, port = 2, settings.TROTH_SMTP_PORT
    found = [posted(proven(address(number)), purpose="offers") for number in range(12)]
    shares: list[int] = []
    before = gate.settle_emails

    def count(handed: Any, following: Any, **more: Any) -> Any:
        shares.append(len(following))
        return before(handed, following, **more)

    monkeypatch.setattr(gate, "settle_emails", count)
    settings.TROTH_SMTP_PORT = free_port()
    lanes.run(MailLane.MARKETING)

    assert max(shares) > 1, "several begin by one statement"
    assert {state_of(email)[0] for email in found} == {State.PLANNED}
    assert {state_of(email)[1] for email in found} == {"", "no connection"}, "not all of them tried"
    settings.TROTH_SMTP_PORT = port
    time_machine.move_to(datetime.now(UTC) + timedelta(minutes=2))
    lanes.run(MailLane.MARKETING)
    lanes.run(MailLane.MARKETING)
    assert {state_of(email)[0] for email in found} == {State.SENT}
    assert len(sink.taken) == len(found)


def test_a_turn_begins_with_few_emails_and_claims_the_others_in_the_same_round(
    sink: Sink, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TROTH_SMTP_CONNECTIONS = 2
    found = [posted(proven(address(number))) for number in range(10)]
    sizes: list[int] = []
    before = claims.claim_due

    def count(*given: Any, **more: Any) -> Any:
        claimed = before(*given, **more)
        sizes.append(len(claimed or ()))
        return claimed

    monkeypatch.setattr(claims, "claim_due", count)
    monkeypatch.setattr(lanes, "count_enough", lambda _threads: 4)
    lanes.run(MailLane.SERVICE)

    assert sizes[:2] == [4, 6]
    assert {state_of(email)[0] for email in found} == {State.SENT}
    assert len(sink.taken) == len(found)


def test_a_busy_domain_is_left_alone_and_others_go_on(sink: Sink, run_jobs: Any) -> None:
    busy = [posted(proven({**ALICE, "email": f"{name}@busy.example"})) for name in ("ada", "bob")]
    sink.to_recipients = ["421 4.7.0 too many connections"]
    delivery.deliver(busy[0].id)
    sink.to_recipients = []
    other = posted(proven(ALICE))
    run_jobs()
    assert [state_of(email)[0] for email in (*busy, other)] == [State.PLANNED, State.PLANNED, State.SENT]
    assert LanePause.objects.get().domain == "busy.example"
    busy[1].refresh_from_db()
    assert (busy[1].attempts, busy[1].domain) == (0, "busy.example")


def test_a_newsletter_that_is_six_hours_late_is_held_for_staff(
    sink: Sink, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        emails, "_known", {"tests/hello": Email("hello", "Hello", "quotes", EmailKind.MARKETING, facts=HelloFacts)}
    )
    email = posted(proven(ALICE))
    assert email.lane == MailLane.MARKETING
    time_machine.move_to(email.queued_utc + timedelta(hours=6, seconds=1))
    delivery.deliver(email.id)
    assert state_of(email) == (State.HELD, "late")
    assert telling.why_in_words("late") == "it would arrive too late to be useful"
    with transaction.atomic():
        delivery.send_again(email.id)
    delivery.deliver(email.id)
    assert state_of(email)[0] == State.SENT


def test_a_choice_between_claim_and_reading_wins(sink: Sink) -> None:
    alice = proven(ALICE)
    email = posted(alice, purpose="offers")
    (claimed,) = claims.claim([email.id])
    gate.choose(person=alice, question="marketing", version=1, yes=False, way="preference page")
    with transport.Lines() as lines:
        delivery.send_each([claimed], lines)
    lanes.run(MailLane(email.lane))
    assert state_of(email) == (State.REFUSED, "opted out")
    assert sink.taken == []


class Killed(BaseException):
    """The process is gone."""


def test_kills_lose_nothing_and_send_no_newsletter_twice(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.TROTH_SMTP_CONNECTIONS = 1
    choose = random.Random(7)
    people = [proven(address(number)) for number in range(PEOPLE)]
    for number, person in enumerate(people):
        posted(person, purpose="offers" if number % 2 else "quotes")
    now = datetime.now(UTC)
    for kill in range(KILLS):
        whose, place = ((delivery, "_write"), (gate, "settle_emails"), (delivery, "_note_sent"))[kill % 3]
        left, before = choose.randrange(3), getattr(whose, place)

        def dies(*given: Any, left: list[int] = [left], before: Any = before, **more: Any) -> Any:  # noqa: B006
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return before(*given, **more)

        with monkeypatch.context() as patched:
            patched.setattr(whose, place, dies)
            for lane in (MailLane.SERVICE, MailLane.MARKETING):
                with contextlib.suppress(Killed):
                    lanes.run(lane)
        claims.settle(at_utc=now + claims.LASTS * 2)
        QueuedEmail.objects.filter(state=State.PLANNED).update(next_try_utc=None)
    for lane in (MailLane.SERVICE, MailLane.MARKETING):
        while claims.list_due(lane, at_utc=datetime.now(UTC)).exists():  # a turn ends after 20 seconds
            lanes.run(lane)

    came = Counter(str(mail["Message-ID"]) for _to, mail in sink.taken)
    account: Counter[tuple[str, str]] = Counter()
    for email in QueuedEmail.objects.all():
        copies = came[f"<{email.id}@halden.example>"]
        account[email.lane, email.state] += 1
        if email.lane == MailLane.SERVICE:
            assert (email.state, copies >= 1) == (State.SENT, True)
        else:
            assert copies <= 1
            assert copies == 1 or email.state == State.UNKNOWN
    assert sum(account.values()) == PEOPLE
    assert account["service", State.SENT] == (PEOPLE + 1) // 2
    assert account["marketing", State.UNKNOWN] <= KILLS
    assert not set(account) - {("service", State.SENT), ("marketing", State.SENT), ("marketing", State.UNKNOWN)}


def test_a_batch_says_of_each_person_what_the_law_says_of_them_alone(sink: Sink, owner: Any) -> None:
    """Half of the people are looked at one by one, as if something of theirs ended: both ways say and write the same."""
    people = [proven(address(number)) for number in range(6)]
    for at, person in enumerate(people):
        if at % 3:
            question = "marketing" if at % 3 == 1 else "offers"
            gate.choose(person=person, question=question, version=1, yes=False, way="preference page")
    emails_of_them = [posted(person, purpose="offers") for person in people]
    owner.execute("update standing set settled_until = now() where person_id = any (%s)", [people[3:]])

    claimed = claims.claim([email.pk for email in emails_of_them])

    assert {each.email.person_id for each in claimed} == {people[0], people[3]}
    told = [(state_of(email), _read_entries(owner, email.person_id)) for email in emails_of_them]
    assert told[:3] == told[3:]
    decided = gate.decide_many(people, "offers", "email")
    assert [why or "stated" for (_state, why), _entry in told] == [decided[person].code for person in people]


def _read_entries(owner: Any, person: Any) -> list[Any]:
    """What their entries about emails say, but for times and keys."""
    found = owner.execute(
        "select kind, purpose, section, version, who, reason, array(select unnest(kinds) order by 1),"
        " payload - 'key' - 'email', payload ? 'key',"
        " expires_utc - at_utc from entry where person_id = %s and reason like 'email %%' order by id",
        [person],
    )
    return list(found.fetchall())


def test_many_are_planned_by_a_selection_and_a_plan_that_was_interrupted_goes_on(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, run_jobs: Any
) -> None:
    people = [proven(address(number)) for number in range(5)]
    gate.choose(person=people[0], question="marketing", version=1, yes=False, way="preference page")
    chosen, issue = gate.select("offers", "email", reason="an issue"), gate.new_id()
    assert set(chosen) == set(people[1:])
    part = many.SendingPart(chosen.packed, purpose="offers", email="tests/hello", facts=HelloFacts(number="7"))
    monkeypatch.setattr(many, "_A_CHUNK", 2)
    with monkeypatch.context() as interrupted:
        begun = itertools.count()
        interrupted.setattr(
            many, "_plan", lambda chunk, _narrow: gate.plan_emails(*chunk[0]) if not next(begun) else 1 / 0
        )
        with pytest.raises(ZeroDivisionError):
            many.plan_many([part], cause=issue)
    assert QueuedEmail.objects.count() == 2

    assert many.plan_many([part], cause=issue) == 2
    gate.choose(person=people[1], question="marketing", version=1, yes=False, way="preference page")
    run_jobs()

    assert len({email.request for email in QueuedEmail.objects.all()}) == 4
    assert Counter(QueuedEmail.objects.values_list("lane", "state", "why")) == {
        ("marketing", "sent", ""): 3,
        ("marketing", "refused", "opted out"): 1,
    }
    assert [len(to) for to, _mail in sink.taken] == [1, 1, 1], "one recipient for each message"
    assert len({tuple(to) for to, _mail in sink.taken}) == 3


def test_what_is_in_a_hurry_leaves_while_newsletters_run(
    sink: Sink, run_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        posted(proven(address(number)), purpose="offers")
    urgent = posted(proven(address(9)))
    locks = set(Job.objects.filter(task_name=turns.TASK).values_list("lock", flat=True))
    assert locks == {"outbox marketing", "outbox service"}, "each lane has one job at a time"
    busy, goes_on = threading.Event(), threading.Event()
    write = delivery._write

    def wait(begun: Any, round: Any) -> Any:
        if begun.email.lane == MailLane.MARKETING:
            busy.set()
            assert goes_on.wait(60)
        return write(begun, round)

    monkeypatch.setattr(delivery, "_write", wait)
    newsletters = threading.Thread(target=_run_and_close, args=[MailLane.MARKETING])
    newsletters.start()
    try:
        assert busy.wait(60)
        lanes.run(MailLane.SERVICE)
        assert state_of(urgent)[0] == State.SENT
        assert QueuedEmail.objects.filter(state=State.SENT).count() == 1, "each lane takes its own alone"
    finally:
        goes_on.set()
        newsletters.join()


def _run_and_close(lane: MailLane) -> None:
    try:
        lanes.run(lane)
    finally:
        connections.close_all()


def test_rows_of_emails_are_deleted_when_no_log_quotes_them_any_more(sink: Sink, run_jobs: Any) -> None:
    sent = posted(proven(ALICE))
    run_jobs()
    waits = posted(proven(address(1)))
    kept = claims.find_kept()
    assert (kept.number, kept.unit) == (25, "month")
    assert claims.tidy(at_utc=kept.after(datetime.now(UTC)) - timedelta(days=3)) == 0
    assert claims.tidy(at_utc=kept.after(datetime.now(UTC)) + timedelta(days=3)) == 1
    assert not QueuedEmail.objects.filter(pk=sent.pk).exists()
    assert QueuedEmail.objects.filter(pk=waits.pk).exists()


def test_the_terminal_shows_what_is_stopped_and_does_what_the_console_does_with_it(
    sink: Sink, run_jobs: Any, settings: Any, kinds: None
) -> None:
    def run(*words: str) -> tuple[int, str]:
        said = CliRunner().invoke(outbox_commands, words)
        return said.exit_code, said.output

    sink.to_recipients = ["550 5.1.1 no such user here"]
    email = posted(proven(ALICE))
    run_jobs()
    held, unwanted = (posted(proven(address(number))) for number in (1, 2))
    claims._hold([held, unwanted], claims.LATE)
    said = run("show", "--emails")[1]
    assert "1  Service: failed (the mail server does not know this mailbox (550 5.1.1)), haldenvalve.example" in said
    assert ALICE["email"] not in said
    both = {str(held.pk), str(unwanted.pk)}
    for options, ids in (
        (["--state", "failed"], {str(email.pk)}),
        (["--reason", "KNOW THIS MAILBOX"], {str(email.pk)}),
        (["--domain", "haldenvalve.example"], {str(email.pk)}),
        (["--search", "valve"], {str(email.pk)}),
        (["--state", "held", "--lane", "service"], both),
        (["--state", "held", "--search", "nothing"], set()),
        ([], {str(email.pk), *both}),
    ):
        assert set(run("show", "--ids", *options)[1].split()) == ids, options
    shown = run("preview", str(email.pk))[1]
    assert "[Name]" in shown
    assert ALICE["name"] not in shown

    sink.to_recipients = []
    assert run("release", str(email.pk))[0] == 1, "It isn't held."
    assert run("cancel", str(unwanted.pk))[0] == 0
    for do, id in (("again", email.pk), ("release", held.pk)):
        assert run(do, str(id))[0] == 0
    run_jobs()
    assert [state_of(each)[0] for each in (email, held, unwanted)] == [State.SENT, State.SENT, State.REFUSED]
    for do in ("again", "release", "cancel"):
        assert run(do, str(email.pk))[0] == 1
    assert run("preview", str(gate.new_id()))[0] == 1

    assert run("retry", "all")[0] == 1, "No lane waits."
    port, settings.TROTH_SMTP_PORT = settings.TROTH_SMTP_PORT, free_port()
    waits = posted(proven(address(3)))
    run_jobs()
    settings.TROTH_SMTP_PORT = port
    assert run("retry", "service")[0] == 0
    QueuedEmail.objects.filter(pk=waits.pk).update(next_try_utc=None)
    run_jobs()
    assert state_of(waits)[0] == State.SENT

    suppression.suppress(ALICE["email"], why="complaint")
    assert "Its reader reported spam" in run("unblock", ALICE["email"], "--reason", "They wrote to us.")[1]
    assert not suppression.is_suppressed(ALICE["email"])
    done = {delivery.SENT_AGAIN, delivery.RELEASED, delivery.GIVEN_UP, LANE_TRIED, suppression.LIFTED}
    assert {act.what for act in Act.objects.all()} == done
