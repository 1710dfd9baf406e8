"""A mail server that says later, or no: the email waits or failed, its reader is told the truth, nothing is a failed job."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from procrastinate.contrib.django.models import ProcrastinateJob as Job
from tests.mail import Sink, free_port, sink
from tests.passing import pass_until
from tests.site import site
from tests.visits import BROWSER, MARISOL, send, signed_in, text, visitor

from troth import alarms
from troth.outbox import QueuedEmail, claims, delivery, lanes, suppression, telling, turns
from troth.outbox.emails import MailLane
from troth.records import ledger
from troth.security.acts import Act
from troth.security.links import Link, address

__all__ = ["sink", "site"]

pytestmark = pytest.mark.usefixtures("site")
LATER, MAILBOX = "451 4.7.1 Greylisted, try again", "550 5.1.1 <marisol.vance@halden-valve-works.example> unknown"
START = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
State = QueuedEmail.State


@pytest.fixture
def clock(time_machine: Any) -> Any:
    time_machine.move_to(START, tick=False)
    return time_machine


def asked(run_jobs: Callable[[], None]) -> Any:
    """Marisol's quote, both emails tried once; the path of her receipt."""
    answer = send(visitor(), "/quote/", MARISOL)
    assert answer.status_code == 303
    run_jobs()
    return answer["Location"]


def passes(clock: Any, run_jobs: Callable[[], None], **time: float) -> None:
    """Time goes by, and the clock looks what is due."""
    clock.shift(timedelta(**time))
    pass_until(datetime.now(UTC))
    claims.settle(at_utc=datetime.now(UTC))
    for lane in MailLane:
        lanes.run(lane)


def test_a_server_that_greylists_knows_the_email_again_and_takes_it_in_the_third_minute(
    sink: Sink, clock: Any, run_jobs: Any
) -> None:
    sink.greylists = timedelta(minutes=2)
    receipt = asked(run_jobs)
    emails = QueuedEmail.objects.all()
    assert {(email.state, email.why) for email in emails} == {(State.PLANNED, "smtp 451 4.7.1")}
    assert not Job.objects.filter(task_name=turns.TASK).exclude(status="succeeded").exists()
    assert alarms.standing() == []
    page = text(visitor().get(receipt))
    assert (
        "We will email you: the mail server doesn’t accept our email for this address (451 4.7.1). We try again" in page
    )
    assert "Your request is on its way to" in page
    assert "We sent an email to" not in page

    passes(clock, run_jobs, seconds=60)
    assert [email.is_waiting for email in QueuedEmail.objects.all()] == [True, True]
    passes(clock, run_jobs, seconds=61)

    assert {email.state for email in emails.all()} == {State.SENT}
    assert len(sink.taken) == 2
    page = text(visitor().get(receipt))
    assert "We sent an email to you." in page
    assert "Your request is with" in page
    assert "We will email" not in page


def test_pauses_grow_and_after_two_days_it_is_said_that_it_failed_and_why(
    sink: Sink, clock: Any, run_jobs: Any
) -> None:
    sink.answers = [LATER]
    receipt = asked(run_jobs)
    email = QueuedEmail.objects.get(to="person")
    pauses = []
    while email.next_try_utc and email.is_waiting:
        pauses.append(email.next_try_utc - datetime.now(UTC))
        passes(clock, run_jobs, seconds=pauses[-1].total_seconds() + 1)
        email.refresh_from_db()

    assert pauses[0] == timedelta(minutes=1)
    assert pauses == sorted(pauses)
    assert max(pauses) == timedelta(hours=4)
    assert timedelta(hours=40) < sum(pauses, timedelta()) <= timedelta(days=2)
    assert email.state == State.FAILED
    assert "not delivered" in {entry.kind for entry in ledger.history(email.person_id)}
    page = text(visitor().get(receipt))
    assert "We couldn’t deliver our email to you because the mail server" in page
    assert "Your request has not reached" in page
    assert alarms.standing() == []


def test_a_refusal_for_good_fails_at_once_and_no_address_is_kept_of_the_servers_words(
    sink: Sink, run_jobs: Any
) -> None:
    sink.to_recipients = [MAILBOX]
    asked(run_jobs)
    email = QueuedEmail.objects.get(to="person")
    assert (email.state, email.why, email.attempts) == (State.FAILED, "smtp 550 5.1.1", 1)
    newest = next(entry for entry in ledger.history(email.person_id) if entry.kind == "not delivered")
    assert json.loads(newest.payload_text)["code"] == "smtp 550 5.1.1"
    history = text(visitor().post(address(Link.objects.get(power="full")), **BROWSER))
    assert (
        "We couldn’t deliver an email to you: the mail server does not know this mailbox (550 5.1.1). "
        "The email: receipt of your request."
    ) in history
    assert "received your" not in history  # whoever was to get it has not
    assert suppression.is_suppressed(MARISOL["email"].upper())


def test_a_server_that_is_not_there_is_waited_for(settings: Any, run_jobs: Any) -> None:
    settings.TROTH_DEMO, settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT = False, "127.0.0.1", free_port()
    asked(run_jobs)
    assert {(each.state, each.why) for each in QueuedEmail.objects.all()} == {
        (State.PLANNED, "no connection"),
        (State.PLANNED, ""),
    }


def test_the_console_lists_them_with_the_reason_and_sends_again(sink: Sink, run_jobs: Any, settings: Any) -> None:
    sink.to_recipients = [MAILBOX]
    asked(run_jobs)
    settings.TROTH_DEMO = True  # one factor opens the console
    client = signed_in("ada", role="admin", name="Ada Brandt")
    page = client.get("/console/outbox/")
    assert "2 emails failed or are held." in text(client.get("/console/"))
    assert "The mail server does not know this mailbox (550 5.1.1)" in text(page)
    assert MARISOL["email"] not in page.content.decode()
    buttons = [f"/console/outbox/{email.pk}/" for email in QueuedEmail.objects.all()]
    assert all(button in page.content.decode() for button in buttons)
    assert signed_in("ines").get("/console/outbox/").status_code == 404

    sink.to_recipients = []
    for button in buttons:
        assert client.post(button, {"do": "again"}, **BROWSER).status_code == 303
    settings.TROTH_DEMO = False
    run_jobs()
    settings.TROTH_DEMO = True

    assert {email.state for email in QueuedEmail.objects.all()} == {State.SENT}, (
        "who resends says: the address is right"
    )
    assert "failed or are held" not in text(client.get("/console/"))
    assert {(act.who, act.what) for act in Act.objects.all()} == {("staff:ada", "email sent again")}
    assert client.post(buttons[0], {"do": "again"}, **BROWSER).status_code == 409


def test_sending_again_begins_two_days_of_patience_of_its_own(sink: Sink, clock: Any, run_jobs: Any) -> None:
    sink.to_recipients = [MAILBOX]
    asked(run_jobs)
    sink.to_recipients, sink.answers = [], [LATER]
    clock.shift(timedelta(days=5))
    for email in QueuedEmail.objects.all():
        with_transaction(email)
        delivery.deliver(email.pk)
    assert all(email.is_waiting for email in QueuedEmail.objects.all())


def with_transaction(email: QueuedEmail) -> None:
    from django.db import transaction

    with transaction.atomic():
        delivery.send_again(email.pk)


def test_an_email_whose_process_died_is_taken_up_by_the_sweep(sink: Sink, clock: Any, run_jobs: Any) -> None:
    sink.answers = [LATER]
    asked(run_jobs)
    QueuedEmail.objects.update(state=State.CLAIMED, claimed_utc=datetime.now(UTC))
    sink.answers = []
    passes(clock, run_jobs, seconds=30)
    assert sink.taken == []
    passes(clock, run_jobs, minutes=5)
    assert len(sink.taken) == 2


def test_an_email_whose_template_fails_is_held_with_the_line_and_no_other_waits_for_it(
    sink: Sink, run_jobs: Any, settings: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "quotes" / "emails"
    folder.mkdir(parents=True)
    (folder / "receipt.txt").write_text("Hello.\n\n{% if policy %}\n{% include policy %}\n{% endif %}\n")
    asked_with = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    with override_settings(TEMPLATES=asked_with):
        asked(run_jobs)
    theirs = QueuedEmail.objects.get(to="person")
    assert (theirs.state, theirs.why) == (State.HELD, "template quotes/emails/receipt.txt:4")
    assert telling.why_in_words(theirs.why) == "its template has an error (line 4 of quotes/emails/receipt.txt)"
    told = telling.describe_email(theirs, you="you").sentence
    assert told == "We have not emailed you yet: we have to correct an error on our side first."
    assert len(sink.taken) == 1, "the email to the salesperson left"
    assert not Job.objects.filter(task_name=turns.TASK).exclude(status="succeeded").exists()

    with_transaction(theirs)
    run_jobs()

    assert len(sink.taken) == 2


def test_a_privacy_request_says_what_became_of_its_email(sink: Sink, run_jobs: Any) -> None:
    sink.to_recipients = [MAILBOX]
    form = {"name": "Bob Ferreira", "email": "bob@northgate.example", "note": "Please."}
    receipt = send(visitor(), "/privacy/requests/access/", form)["Location"]
    assert "We haven’t emailed you yet." in text(visitor().get(receipt))
    run_jobs()
    page = text(visitor().get(receipt))
    assert "We couldn’t deliver our email to you because the mail server does not know this mailbox" in page
    assert "We sent an email to" not in page


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("smtp 451", "the mail server asked us to try again later (451)"),
        ("smtp 554", "the mail server refused it (554)"),
        ("smtp 552 5.2.2", "the mailbox is full (552 5.2.2)"),
        ("timed out", "the mail server did not answer in time"),
        ("not supported", "our mail server doesn’t support this kind of address"),
        ("", "the mail server did not accept it"),
    ],
)
def test_codes_are_said_in_words(code: str, words: str) -> None:
    assert telling.why_in_words(code) == words
