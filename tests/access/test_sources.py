"""What the GDPR adds to emails: data that came from others is told at first contact, and the right to object stands apart."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any
from uuid import UUID

import pytest
from tests.worlds import known_person

from troth import in_force, outbox
from troth.access.sources import actions
from troth.outbox import QueuedEmail, transport
from troth.policy import Policy
from troth.records import ledger
from troth.records.ids import new_id
from troth.records.keeping import Provenance, keep
from troth.uses.inquiries.actions import InquiryFacts

ALICE, BOB, CHARLIE = (
    {"name": name, "email": f"{name.lower()}@haldenvalve.example"} for name in ("Alice", "Bob", "Charlie")
)


def now() -> datetime:
    return datetime.now(UTC)


def read(email: QueuedEmail) -> str:
    parsed = message_from_bytes((transport.folder() / f"{email.pk}.eml").read_bytes(), policy=policy.default)
    return str(parsed.get_body(("plain",)).get_content()).replace("\r\n", "\n")  # type: ignore[union-attr]


@pytest.fixture
def european(site: Policy, monkeypatch: pytest.MonkeyPatch) -> Policy:
    """The reference policy, as if it had chosen the GDPR and rested inquiries on legitimate interests."""
    inquiries = replace(site.purposes["inquiries"], basis="legitimate interests")
    chosen = replace(site, laws=("california", "gdpr"), purposes={**site.purposes, "inquiries": inquiries})
    monkeypatch.setattr(in_force, "policy", lambda: chosen)
    return chosen


def test_who_was_entered_by_staff_gets_one_email_that_says_what_where_from_and_what_for(
    european: Policy, run_jobs: Any
) -> None:
    entered = known_person(ALICE | {"company": "Halden Valve"}, channel="staff.entry")
    own = known_person(BOB)
    known_person({"name": "Dora", "company": "Elsewhere"}, channel="staff.entry")  # of whom no address is known
    both = known_person(CHARLIE)
    keep(values={"phone": "+15595550142"}, provenance=Provenance("staff.entry", 1, now(), "by phone"), person=both)
    assert actions.notify(at_utc=now() + timedelta(seconds=1)) == 1
    assert actions.notify(at_utc=now() + timedelta(seconds=1)) == 0, "once"
    run_jobs()
    (email,) = QueuedEmail.objects.all()
    assert (email.person_id, email.state) == (entered, "sent")
    words = read(email)
    assert "* Data: Company, Email, " in words
    assert "* Where it came from: Phone or mail, entered by our staff (§ Other ways)" in words
    assert "Quotes" in words
    assert "Our sales team" in words
    assert "Alice" not in words, "Nobody has proven the address."
    (sent,) = [each for each in ledger.history(entered) if each.kind == "notified"]
    assert sent.section == in_force.policy().purposes["access"].section
    assert own != entered


def test_without_the_law_and_after_a_month_nobody_gets_it(
    site: Policy, european: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_person(ALICE, channel="staff.entry")
    assert actions.notify(at_utc=now() + timedelta(days=31)) == 0
    monkeypatch.setattr(in_force, "policy", lambda: site)
    assert actions.notify(at_utc=now() + timedelta(seconds=1)) == 0


def test_the_right_to_object_stands_apart_in_what_rests_on_legitimate_interests_and_in_nothing_else(
    european: Policy, run_jobs: Any
) -> None:
    person = known_person(ALICE, channel="form.contact")
    post(person)
    run_jobs()
    words = read(QueuedEmail.objects.get())
    line = "-" * 40
    apart = words.partition(line)[2].partition(line)[0]
    assert apart.strip().startswith("You can object\n")
    assert "because of our legitimate interests" in apart
    assert european.privacy_email in apart


def test_without_the_law_no_email_has_the_block(site: Policy, run_jobs: Any) -> None:
    post(known_person(ALICE, channel="form.contact"))
    run_jobs()
    assert "You can object" not in read(QueuedEmail.objects.get())


def post(person: UUID) -> None:
    facts = InquiryFacts(number="I-1", staff="our team", due="")
    outbox.post(person=person, purpose="inquiries", email="inquiries/receipt", cause=new_id(), facts=facts)
