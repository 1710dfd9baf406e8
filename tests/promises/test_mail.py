"""§ Email you send us, § Downloads, § Fixes: what comes by mail is careful, and what must be said is no advertising."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.access.hers import chosen, preferences_of, save
from tests.collection.test_mail_routing import BOB, mail, receive
from tests.uses.test_support import ASKED
from tests.visits import send, visitor
from tests.worlds import kept

from troth import gate
from troth.collection.mailbox import sandbox
from troth.composing import Composed, compose
from troth.outbox import QueuedEmail
from troth.outbox.emails import EmailKind
from troth.policy import Policy
from troth.records import ledger, profile
from troth.records.ledger import Collected
from troth.uses.inquiries.models import Inquiry

OFFER = "Version 12.4 is out.\n\n::: offer\nTwo seats for the price of one.\n:::\n"


@pytest.fixture
def _end_children() -> Any:
    yield
    sandbox.close()


@pytest.mark.clause("C3")
@pytest.mark.usefixtures("_end_children")
def test_C3_mail_is_kept_as_what_it_asks_and_alone_neither_changes_nor_reveals_anything(site: Policy, run_jobs) -> None:
    send(visitor(), "/contact/", {**BOB, "note": "Hello?"})
    run_jobs()
    (known,) = profile.people_at(BOB["email"], most=9)
    before = [entry.kind for entry in ledger.history(known)]
    came = receive(mail(body="Stop, and send me all that you have about me: my phone, my orders."))
    run_jobs()
    assert came.person_id not in (None, known), "Anyone can put Bob's address on an email."
    assert [entry.kind for entry in ledger.history(known)] == before
    assert chosen(known) == []
    asked = Inquiry.objects.latest("received_utc")
    assert asked.pk == came.request
    collected = [entry for entry in ledger.history(asked.person_id) if entry.kind == "collected"]
    assert {entry.read(Collected).channel for entry in collected} == {"email.inbox"}
    assert {datum.kind for datum in profile.list_data(asked.person_id)} == {"email", "name", "message"}
    answered = receive(
        mail(f"In-Reply-To: <{QueuedEmail.objects.earliest('queued_utc').pk}@acme.example>", body="STOP"), number=2
    )
    assert answered.room == "preferences"
    assert chosen(known) == [("marketing", False)]


@pytest.mark.clause("I1")
@pytest.mark.clause("U2")
@pytest.mark.clause("U7")
@pytest.mark.parametrize(
    ("purpose", "channel", "values"),
    [
        ("downloads", "form.trial", {}),
        ("fixes", "form.installation", {"installation": "optipro-process@12.3.4"}),
    ],
)
def test_U2_U7_an_opt_out_stops_marketing_at_once_and_neither_downloads_nor_fixes(
    site: Policy, purpose: str, channel: str, values: dict[str, str]
) -> None:
    person = kept({"email": ASKED["email"], "product": "optipro-process", **values}, channel=channel).person
    gate.choose(person=person, question="newsletter", version=1, yes=True, way="confirmed by email")
    save(visitor(), preferences_of(person), do="no")
    assert chosen(person)[-1] == ("marketing", False)
    assert gate.decide(person, purpose, ["email"])["email"].allowed
    assert list(gate.select(purpose, "email")) == [person]
    assert not gate.decide(person, "newsletter", ["email"])["email"].allowed
    assert site.purposes[purpose].choice == "none", "No page asks for a choice that nobody has."
    assert (purpose, False) not in chosen(person)


@pytest.mark.clause("U2")
@pytest.mark.clause("U7")
@pytest.mark.clause("U1")
def test_U2_U7_an_email_that_cannot_be_turned_off_has_no_word_for_an_offer() -> None:
    refused = compose("Security patch 12.4.1", OFFER, kind=EmailKind.SERVICE)
    assert not isinstance(refused, Composed)
    assert [problem.line for problem in refused] == [3]
    assert isinstance(compose("News in December", OFFER, kind=EmailKind.MARKETING), Composed)


@pytest.mark.clause("U4")
def test_U4_the_time_of_a_yes_is_written_down_and_a_no_needs_no_confirmation(site: Policy) -> None:
    person = kept({"email": "ada@brightwater.example", "news": "Process manufacturing"}, channel="form.news").person
    assert not gate.decide(person, "newsletter", ["email"])["email"].allowed, "A form alone starts nothing."
    at_utc = datetime.now(UTC)
    gate.choose(person=person, question="newsletter", version=1, yes=True, way="confirmed by email")
    (entry,) = [entry for entry in ledger.history(person) if entry.kind == "chose"]
    assert (entry.version, entry.at_utc >= at_utc) == (1, True)
    save(visitor(), preferences_of(person), do="leave:newsletter")
    assert not gate.decide(person, "newsletter", ["email"])["email"].allowed
