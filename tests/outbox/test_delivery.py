"""Emails against a real database and a real SMTP server: what leaves, to whom, with what, and what never does."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.db import connections, transaction
from django.test import Client
from tests.mail import Sink, sink
from tests.passing import pass_until
from tests.worlds import ALICE, known_person, policy_text

from troth import gate, outbox
from troth.outbox import actions, claims, delivery
from troth.outbox.models import QueuedEmail
from troth.records.law import versions
from troth.records.ledger import history
from troth.security.models import User

__all__ = ["sink"]

pytestmark = pytest.mark.django_db(transaction=True)

FORMS = ["form.quote", "form.register"]
QUOTES = {
    "needs": ["email"],
    "may use": ["name", "industry"],
    "collected by": FORMS,
    "choice": "none",
    "marketing": "never",
    "recipients": ["distributor"],
    "letters": {"hello": {"after": "0 hours", "of": ["request received"]}},
}
SUPPORT = QUOTES | {"letters": {}, "emails": {"hello": {"after": "24 hours", "of": ["download failed"]}}}
OFFERS = QUOTES | {"choice": "opt out", "marketing": "may"}
CALDER = outbox.EmailRecipient("calder", "Dana Okafor", "dana@calder.example")


@pytest.fixture(autouse=True)
def site(owner: Any, settings: Any) -> None:
    ours = Path(__file__).parent / "templates"
    settings.TEMPLATES = [{**django_settings.TEMPLATES[0], "DIRS": [*django_settings.TEMPLATES[0]["DIRS"], ours]}]
    versions.adopt(
        policy_text(1, purposes={"quotes": QUOTES, "offers": OFFERS, "support": SUPPORT}),
        by="test",
        using=connections["owner"],
    )


def given_to(person: UUID, *, purpose: str = "quotes") -> gate.Given:
    grant = gate.grant(
        person=person, purpose=purpose, kinds=["email", "name", "industry"], who="program:test", reason="to test"
    )
    assert isinstance(grant, gate.Grant)
    return gate.read(grant)


@dataclass(frozen=True, kw_only=True)
class HelloFacts(outbox.EmailFacts):
    number: str = ""


def posted(person: UUID, *, purpose: str = "quotes", email: str = "tests/hello", **more: Any) -> QueuedEmail:
    return outbox.post(
        person=person,
        purpose=purpose,
        email=email,
        kinds=["name", "industry"],
        facts=HelloFacts(number="Q-1"),
        cause=more.pop("cause", gate.new_id()),
    )


def proven(values: Mapping[str, str]) -> UUID:
    """Somebody who has an account at her address: her own words may stand in what we write to her."""
    person = known_person(values)
    User.objects.create_customer(address=values["email"], password="x", person=person, cause=gate.new_id())
    return person


def test_an_email_that_the_policy_does_not_state_is_held_back_and_says_so(
    sink: Sink, run_jobs: Callable[[], None]
) -> None:
    alice = proven(ALICE)
    email = posted(alice, email="tests/more")
    run_jobs()
    email.refresh_from_db()
    assert (email.state, email.why) == (QueuedEmail.State.REFUSED, "email not stated")
    assert outbox.why_in_words(email.why) == "our policy does not state this email"
    assert {entry.kind for entry in history(alice)} == {"held back", "collected"}, "nothing of hers was used"
    assert sink.taken == []


def test_an_email_leaves_as_long_after_its_event_as_the_policy_says(
    sink: Sink, run_jobs: Callable[[], None], time_machine: Any
) -> None:
    queued = posted(known_person(ALICE), purpose="support")
    run_jobs()
    assert pass_until(queued.queued_utc + timedelta(hours=23)) == []
    assert (sink.taken, outbox.of_request(queued.request, you="you")[0].sentence) == ([], "We will email you.")

    time_machine.move_to(queued.queued_utc + timedelta(hours=24, seconds=1))
    pass_until(datetime.now(UTC))
    run_jobs()

    assert len(sink.taken) == 1


def test_the_person_gets_her_email_once_and_it_stands_in_her_history(sink: Sink, run_jobs: Callable[[], None]) -> None:
    alice = proven(ALICE)

    email = posted(alice)
    run_jobs()
    delivery.deliver(email.id)

    [(to, mail)] = sink.taken
    assert to == [ALICE["email"]]
    assert mail["Subject"] == f"Hello {ALICE['name']}"
    assert mail["Message-ID"] == f"<{email.id}@halden.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "valves" in mail.as_string()
    assert "Here is what we do about about quotes" in mail.as_string()
    assert [entry.kind for entry in history(alice)] == ["notified", "used", "collected"], "one use, not two"


def test_the_email_at_rest_holds_no_value(owner: Any) -> None:
    posted(known_person(ALICE))

    stored = str(owner.execute("select letter::text from letter").fetchall()) + str(
        owner.execute("select args::text from procrastinate_jobs").fetchall()
    )

    assert not any(value in stored for value in ALICE.values())


def test_a_recipient_gets_exactly_the_disclosed_kinds(sink: Sink, run_jobs: Callable[[], None]) -> None:
    given = given_to(known_person(ALICE))
    with transaction.atomic():
        disclosure = gate.disclose(
            given,
            recipient_class="distributor",
            recipient="calder",
            recipient_name="Calder",
            kinds=["industry"],
            who="program:test",
            reason="territory",
        )
        outbox.post_disclosed(
            disclosure=disclosure, email="tests/hello", to=CALDER, facts=HelloFacts(number="Q-1"), cause=gate.new_id()
        )
    run_jobs()

    [(to, mail)] = sink.taken
    assert to == ["dana@calder.example"]
    assert "valves" in str(mail)
    assert ALICE["name"] not in str(mail)
    assert ALICE["email"] not in str(mail)


def test_an_opt_out_before_the_claim_holds_the_email_back(sink: Sink, run_jobs: Callable[[], None]) -> None:
    alice = known_person(ALICE)
    email = posted(alice, purpose="offers")
    gate.choose(person=alice, question="marketing", version=1, yes=False, way="preference page")

    run_jobs()

    email.refresh_from_db()
    assert sink.taken == []
    assert (email.state, email.why) == (QueuedEmail.State.REFUSED, "opted out")
    assert history(alice)[0].kind == "held back"


def test_posting_again_for_the_same_request_makes_no_second_email(sink: Sink, run_jobs: Callable[[], None]) -> None:
    alice, cause = known_person(ALICE), gate.new_id()

    assert posted(alice, cause=cause).id == posted(alice, cause=cause).id
    run_jobs()

    assert len(sink.taken) == 1


def test_an_email_interrupted_after_the_hand_over_repeats_its_message_id(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = posted(known_person(ALICE))
    with monkeypatch.context() as killed:
        killed.setattr(delivery, "_note_sent", lambda email, round: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            delivery.deliver(email.id)
    assert claims.settle(at_utc=datetime.now(UTC)) == 0, "it may still be on its way"
    assert claims.settle(at_utc=datetime.now(UTC) + claims.LASTS) == 1

    delivery.deliver(email.id)

    assert len({mail["Message-ID"] for _, mail in sink.taken}) == 1
    assert QueuedEmail.objects.get().state == QueuedEmail.State.SENT


def test_the_demo_writes_to_its_folder_and_shows_it(
    settings: Any, tmp_path: Path, client: Client, run_jobs: Callable[[], None]
) -> None:
    settings.TROTH_VAR = str(tmp_path)
    email = posted(proven(ALICE))
    run_jobs()

    assert ALICE["email"] in client.get("/outbox/").content.decode()
    shown = client.get(f"/outbox/{email.id}/").content.decode()
    assert "valves" in shown
    html = client.get(f"/outbox/{email.id}/email.html")
    style = html.content.decode().replace("\r\n", "\n").partition("<style>")[2].partition("</style>")[0]
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{allowed}'" in html["Content-Security-Policy"], "A browser counts the end of a line once."
    assert "unsafe-inline" not in html["Content-Security-Policy"]


def test_there_is_no_outbox_page_outside_the_demo(settings: Any, client: Client) -> None:
    settings.TROTH_DEMO = False

    assert client.get("/outbox/").status_code == 404


@pytest.mark.asvs("V1.3.11")
def test_a_name_with_line_breaks_makes_no_header(sink: Sink, run_jobs: Callable[[], None]) -> None:
    alice = known_person({**ALICE, "name": "Alice\r\nBcc: everyone@evil.example"})
    posted(alice)
    run_jobs()

    [(to, mail)] = sink.taken
    assert to == [ALICE["email"]]
    assert mail["Bcc"] is None


@pytest.mark.parametrize("permit", [None, {"email": "x@y.example"}, object()])
def test_nobody_else_gets_an_email_without_a_disclosure(permit: Any) -> None:
    with pytest.raises(actions.NoPermit):
        outbox.post_disclosed(
            disclosure=permit, to=CALDER, email="tests/hello", facts=HelloFacts(), cause=gate.new_id()
        )


def test_a_disclosure_to_one_recipient_permits_no_email_to_another() -> None:
    given = given_to(known_person(ALICE))
    disclosure = gate.disclose(
        given,
        recipient_class="distributor",
        recipient="other",
        recipient_name="Other",
        kinds=["email"],
        who="program:test",
        reason="territory",
    )

    with pytest.raises(actions.NoPermit):
        outbox.post_disclosed(
            disclosure=disclosure, email="tests/hello", to=CALDER, facts=HelloFacts(), cause=gate.new_id()
        )
