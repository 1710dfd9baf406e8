"""A version that is announced before it takes effect: told and answered ahead, decided by on its day, or withdrawn."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from tests.access.hers import save
from tests.access.test_signed_in import browser, owner_of
from tests.access.test_undo import CHOICES, done_by, undo
from tests.acting import acting_as
from tests.site import site
from tests.updates.versions import (
    ALICE,
    BOB,
    CHARLIE,
    FROM_QUOTES,
    PRODUCT,
    adopt_second,
    mail_of,
    may_use_product,
    press,
    text_of,
)
from tests.visits import signed_in, text, visitor
from tests.worlds import kept, known_person

from troth import gate, in_force
from troth.cli.policy import policy_commands
from troth.gate import owner as owners
from troth.outbox import transport
from troth.outbox.models import QueuedEmail
from troth.records.accounts import join
from troth.updates import adopting, board, drafts, holding, sending
from troth.updates.models import PolicyUpdate, UpdateReader

__all__ = ["site"]

pytestmark = pytest.mark.django_db(transaction=True)
DAY = datetime(2031, 5, 1, tzinfo=UTC)


def announce(version=2, day=DAY, *swaps):
    """Approved by two people, to take effect on a day to come."""
    now = datetime.now(UTC)
    draft = drafts.save(
        text_of(version, day, *(swaps or [FROM_QUOTES])), source=drafts.TYPED, who="staff:pia", at_utc=now
    )
    with acting_as("pia"):
        adoption = adopting.propose(draft, {}, who="staff:pia", at_utc=now)
    with acting_as("otto"):
        adopting.approve(adoption, sha256=draft.sha256, who="staff:otto", at_utc=now)
    return adoption


def begin_day(adoption, owner):
    """The day on which it takes effect."""
    owner.execute("update policy_adoption set effective_utc = now() where id = %s", [adoption.pk])
    assert adopting.run(adoption.pk)


@pytest.mark.clause("P1", "P2", "P6")
def test_an_announced_version_is_told_and_answered_ahead_and_decides_from_its_day(site, run_jobs, owner):
    alice, bob = known_person(ALICE | PRODUCT), known_person(BOB | PRODUCT)
    adoption = announce()
    run_jobs()
    before = {may_use_product(each) for each in (alice, bob)}
    assert before == {"channel not stated"}
    assert in_force.policy().version == 1
    assert "The new version takes effect on May 1, 2031" in mail_of(alice)
    said = press(mail_of(alice), "accept", do="yes", question="content@2")
    assert "You allowed “Content” from May 1, 2031" in said
    assert 'href="/policy/2#U3">Read it in version 2' in said
    assert "from May 1, 2031" in press(mail_of(bob), "accept", do="yes", question="content@2")
    assert "takes effect on May 1, 2031" in press(mail_of(bob), "decline", do="no")
    assert {may_use_product(each) for each in (alice, bob)} == before
    found = board.read(PolicyUpdate.objects.get(version=2))
    assert (found.asked, found.yes, found.no, found.silent) == (2, 1, 1, 0)

    charlie = known_person(CHARLIE | PRODUCT)
    begin_day(adoption, owner)
    run_jobs()
    codes = [may_use_product(each) for each in (alice, bob, charlie)]
    assert codes == ["answered", "declined", "unanswered"]
    sent = QueuedEmail.objects.filter(template="updates/version").values_list("person", "state")
    assert sorted(sent) == sorted((each, "sent") for each in (alice, bob, charlie))
    assert "takes effect on" not in mail_of(charlie)
    assert not UpdateReader.objects.exclude(early_yes=[], early_no=[]).exists()


@pytest.mark.clause("P3", "P5")
def test_pages_and_the_feed_say_from_when_an_announced_version_applies(site, run_jobs):
    known_person(ALICE)
    announce()
    client = visitor()
    assert "Version 2 of our privacy policy takes effect on May 1, 2031." in text(client.get("/contact/"))
    assert "You’re reading version 2, which takes effect on May 1, 2031." in text(client.get("/policy/2"))
    assert "and from May 1, 2031" in text(client.get("/policy/1..2"))
    assert "takes effect on May 1, 2031" in client.get("/policy/feed.atom").content.decode()
    assert "which takes effect" not in text(client.get("/policy"))


def test_a_withdrawn_version_is_taken_back_and_who_was_emailed_hears_so(site, run_jobs, owner):
    alice = known_person(ALICE | PRODUCT)
    adoption = announce()
    run_jobs()
    mail = mail_of(alice)
    press(mail, "accept", do="yes", question="content@2")
    with acting_as("pia"):
        adopting.withdraw(adoption, who="staff:pia", at_utc=datetime.now(UTC))
    run_jobs()
    mailed = PolicyUpdate.objects.get(version=2)
    assert mailed.state == PolicyUpdate.Phase.WITHDRAWN
    sent = QueuedEmail.objects.filter(person=alice, template="updates/version", state="sent")
    assert sent.count() == 2
    assert "We told you that version 2 would take effect on May 1, 2031. We withdrew it" in "".join(
        (transport.folder() / f"{email.id}.eml").read_text() for email in sent
    ).replace("=\n", "").replace("\n", " ")
    shown = text(signed_in("pia", role="privacy").get(f"/console/updates/withdrawn/{mailed.pk}/"))
    assert "Delivered 1 Notified of the withdrawal 1" in " ".join(shown.split())
    assert "Answered already" not in shown
    assert [row.title for row in holding.list_held(alice)] == ["Policy version 2, withdrawn"]
    for address in ("/policy/2", "/policy/1..2"):
        gone = visitor().get(address)
        assert (gone.status_code, "Version 2 was withdrawn" in text(gone)) == (404, True)
    assert "takes effect" not in text(visitor().get("/contact/"))

    owners.adopt(text_of(2, DAY, FROM_QUOTES), by="staff:test")
    sending.begin(at_utc=datetime.now(UTC))
    run_jobs()
    assert may_use_product(alice) == "unanswered"


def test_a_withdrawn_version_leaves_what_it_had_superseded_going_on(site, run_jobs):
    alice = known_person(ALICE | PRODUCT)
    first = adopt_second()
    run_jobs()
    first.refresh_from_db()
    assert first.state == PolicyUpdate.Phase.SENT
    adoption = announce(3, DAY, ("title: Content\n", "title: Content for you\n"))
    run_jobs()
    first.refresh_from_db()
    assert first.state == PolicyUpdate.Phase.SUPERSEDED
    with acting_as("pia"):
        adopting.withdraw(adoption, who="staff:pia", at_utc=datetime.now(UTC))
    run_jobs()
    first.refresh_from_db()
    assert first.state == PolicyUpdate.Phase.SENT, "all of its emails had left"
    assert QueuedEmail.objects.filter(person=alice, batch=first.pk).count() == 1
    assert may_use_product(alice) == "unanswered"


def test_the_terminal_adopts_nothing_beside_an_announced_version(site):
    announce()
    with pytest.raises(gate.Refusal, match="Withdraw it in the console first"):
        owners.adopt(text_of(2, DAY, FROM_QUOTES), by="staff:test")


def test_the_terminal_announces_a_version_that_the_console_can_withdraw(site, run_jobs, tmp_path):
    alice = known_person(ALICE | PRODUCT)
    file = tmp_path / "policy.md"
    file.write_text(text_of(2, DAY, FROM_QUOTES), encoding="utf-8")
    said = CliRunner().invoke(policy_commands, ["adopt", str(file), "--yes", "--announce"]).output
    assert "Version 2 is announced, in force from 2031-05-01." in said
    again = CliRunner().invoke(policy_commands, ["adopt", str(file), "--yes", "--announce"])
    assert (again.exit_code, "Another draft waits to be adopted" in again.output) == (1, True)
    sending.begin(at_utc=datetime.now(UTC))
    run_jobs()
    assert "takes effect on May 1, 2031" in mail_of(alice)
    assert in_force.policy().version == 1
    with acting_as("pia"):
        adopting.withdraw(adopting.find_open(), who="staff:pia", at_utc=datetime.now(UTC))
    file.write_text(text_of(2, datetime(2026, 1, 1, tzinfo=UTC), FROM_QUOTES), encoding="utf-8")
    past = CliRunner().invoke(policy_commands, ["adopt", str(file), "--yes", "--announce"])
    assert (past.exit_code, adopting.find_open()) == (1, None)


def test_who_gave_more_since_it_was_announced_is_asked_on_its_day_without_a_second_email(site, run_jobs, owner):
    alice = known_person(ALICE)
    adoption = announce()
    run_jobs()
    assert UpdateReader.objects.get(person=alice).asks == []
    kept(PRODUCT, person=alice)
    begin_day(adoption, owner)
    run_jobs()
    assert UpdateReader.objects.get(person=alice).asks == ["content@2"]
    assert QueuedEmail.objects.filter(person=alice, template="updates/version").count() == 1
    assert may_use_product(alice) == "unanswered"


def test_privacy_choices_ask_from_the_announcement_on_and_say_from_when_an_answer_counts(site, run_jobs):
    user, _own = owner_of(BOB["email"])
    alice, stranger = known_person(ALICE | PRODUCT), known_person(CHARLIE | PRODUCT)
    join(user=user.pk, person=alice, way="signed in")
    announce()
    run_jobs()
    client, asked = browser(user), "May we also use your product for “Content” from May 1, 2031?"
    assert "It has a question for you." in text(client.get("/contact/"))
    assert asked in text(client.get(CHOICES)), text(client.get(CHOICES))[300:900]
    page = done_by(client, save(client, CHOICES, do="ahead", question="content@2", answer="yes"))
    assert "You allowed “Content” from May 1, 2031." in text(page)
    assert 'value="yes" required checked' in page.content.decode()
    assert "It has a question for you." not in text(client.get("/contact/"))
    assert may_use_product(alice) == "channel not stated", "It counts from its day."
    assert "You took back your answer" in text(undo(client, page))
    waiting = dict(UpdateReader.objects.values_list("person", "early_yes"))
    assert (waiting[alice], waiting[stranger]) == ([], [])
