"""Named people over three versions: asked, told, answering, silent, without an address, erased, and superseded."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.acting import acting_as
from tests.policy.texts import sound
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
    next_day,
    press,
    remind_two_weeks_later,
    text_of,
)
from tests.visits import signed_in, text
from tests.worlds import known_person

from troth import gate, in_force
from troth.gate import owner as owners
from troth.outbox import transport
from troth.outbox.models import QueuedEmail
from troth.policy.meaning import MARKETING
from troth.records.profile import note_signals
from troth.updates import adopting, board, drafts, rehearsing, reminding, sending, wording
from troth.updates.models import PolicyUpdate, UpdateReader

__all__ = ["site"]

pytestmark = pytest.mark.django_db(transaction=True)

OFFERS = (
    "{#U4}\n",
    """{#offers}
### Offers
We may email you offers about the product you use. You can opt out of them.

```rule
purpose: offers
title: Offers
dpv: DirectMarketing
needs: [email]
may use: [name, product]
collected by: [form.quote]
choice: opt out
marketing: may
recipients: [staff.marketing]
keeps: ["We may email you offers about the product you use.", "You can opt out of them."]
```

{#U4}
""",
)
PROMISES_LESS = (
    *[("to answer you, and for nothing else.", "to answer you.")] * 2,  # in the prose, and where the rule quotes it
    *[("for that request and for nothing else.", "for that request.")] * 2,
)


@pytest.mark.clause("P1", "P2")
def test_each_address_gets_one_email_and_only_a_yes_opens_the_new_use(site, run_jobs):
    alice, bob = known_person(ALICE | PRODUCT), known_person(BOB | PRODUCT)
    charlie, dora = known_person(CHARLIE), known_person({"name": "Dora", **PRODUCT})
    update = adopt_second()
    eve = known_person({**ALICE, "email": "eve@new.example", **PRODUCT}, version=2)
    run_jobs()
    assert {may_use_product(each) for each in (alice, bob, dora)} == {"unanswered"}
    sent = QueuedEmail.objects.filter(template="updates/version")
    assert sorted(sent.values_list("person", "state")) == sorted((each, "sent") for each in (alice, bob, charlie))
    assert "content" not in mail_of(charlie).lower().split("what changes")[0]
    assert "/accept/" not in mail_of(charlie)
    assert UpdateReader.objects.get(update=update, person=dora).way == UpdateReader.VISIT
    assert not UpdateReader.objects.filter(update=update, person=eve).exists()
    assert may_use_product(eve) == "stated"

    assert may_use_product(alice) == "unanswered"  # a link that is opened alone answers nothing
    assert "Content (Product) We collected it in: Request a quote or service. Stated" in " ".join(
        mail_of(alice).split()
    )
    page = press(mail_of(alice), "accept", do="yes", question="content@2")
    assert "You allowed" in page
    assert may_use_product(alice) == "answered"
    press(mail_of(bob), "decline", do="no")
    assert may_use_product(bob) == "declined"
    read = board.read(PolicyUpdate.objects.get(pk=update.pk))
    assert (read.asked, read.yes, read.no, read.silent, read.emails.sent, read.on_visit) == (3, 1, 1, 1, 3, 1)
    assert [(each.yes, each.no, each.silent) for each in read.days] == [(1, 1, 1)]

    sending.send(update.pk, at_utc=datetime.now(UTC))
    run_jobs()
    assert sent.count() == 3


def test_an_email_planned_for_a_later_day_asks_no_more_who_answered_or_opted_out_since(site, run_jobs):
    dave = {"name": "Dave Ito", "email": "dave@ito.example"}
    alices = {known_person(ALICE | PRODUCT), erin := known_person({**ALICE, "name": "Erin Low"} | PRODUCT)}
    bob, charlie, dave = (known_person(each | PRODUCT) for each in (BOB, CHARLIE, dave))
    owners.adopt(text_of(2, next_day(), OFFERS, *PROMISES_LESS), by="staff:test")
    update = sending.begin(at_utc=datetime.now(UTC))
    sending.send(update.pk, at_utc=datetime.now(UTC))
    assert {each.asks[0] for each in UpdateReader.objects.filter(update=update)} == {"offers@2"}
    note_signals([erin], section="C14", way="test")  # who has one address with Alice
    gate.choose(person=bob, question=MARKETING, version=2, yes=False, way="test")
    gate.choose(person=charlie, question="offers@2", version=2, yes=True, way="test")
    run_jobs()
    sent = QueuedEmail.objects.filter(template="updates/version")
    assert sent.filter(state="sent").count() == 4
    for told in (sent.get(person__in=alices).person_id, bob):
        assert "“Offers” is new, and stays off for you" in mail_of(told)
        assert "/accept/" not in mail_of(told)
    assert "/accept/" not in mail_of(charlie)
    assert "stays off" not in mail_of(charlie)
    assert "/accept/" in mail_of(dave)
    read = board.read(PolicyUpdate.objects.get(pk=update.pk))
    assert (read.asked, read.yes, read.silent) == (2, 1, 1)

    remind_two_weeks_later(update)
    gate.choose(person=dave, question="offers@2", version=2, yes=False, way="test")
    run_jobs()
    (reminder,) = QueuedEmail.objects.filter(template="updates/reminder")
    assert (reminder.person_id, reminder.state, reminder.why) == (dave, "refused", "settled")


@pytest.mark.clause("P2")
def test_the_silent_get_one_reminder_and_who_is_erased_none(site, run_jobs, owner):
    alice, bob, charlie = (known_person(each | PRODUCT) for each in (ALICE, BOB, CHARLIE))
    update = adopt_second()
    run_jobs()
    press(mail_of(alice), "accept", do="yes", question="content@2")
    owner.execute("select erase(%s, gen_random_uuid(), 'staff:test', 'asked')", [bob])
    assert not UpdateReader.objects.filter(update=update, person=bob).exists()
    for _twice in range(2):
        remind_two_weeks_later(update)
        run_jobs()
    assert list(QueuedEmail.objects.filter(template="updates/reminder").values_list("person", flat=True)) == [charlie]
    assert "We won’t ask again" in mail_of(charlie, "updates/reminder")


def test_each_is_reminded_so_long_after_their_own_email_left_and_a_stop_holds_that(site, run_jobs, settings):
    settings.TROTH_UPDATE_PACE = 1
    known_person(ALICE | PRODUCT)
    known_person(BOB | PRODUCT)
    update = adopt_second()
    run_jobs()
    now, reminders = datetime.now(UTC), QueuedEmail.objects.filter(template="updates/reminder")
    sending.stop(update.pk)
    reminding.remind(update.pk, at_utc=now + timedelta(days=14))
    assert not reminders.exists()
    sending.resume(update.pk, at_utc=now)
    run_jobs()
    asked = QueuedEmail.objects.filter(batch=update.pk)
    assert asked.filter(state="sent").count() == 1, "what left within a day counts for the pace"
    asked.filter(state="planned").update(state="sent", sent_utc=now + timedelta(days=1))
    PolicyUpdate.objects.filter(pk=update.pk).update(state=PolicyUpdate.Phase.SENT)
    for day, reminded in ((13, 0), (14, 1), (14, 1), (15, 2)):
        reminding.remind(update.pk, at_utc=now + timedelta(days=day, minutes=5))
        assert reminders.count() == reminded
        assert (PolicyUpdate.objects.get(pk=update.pk).reminded_utc is None) == (day < 15)


def test_two_people_at_one_address_get_one_email_and_answer_together(site, run_jobs):
    first, second = known_person(ALICE | PRODUCT), known_person(ALICE | PRODUCT)
    update = adopt_second()
    run_jobs()
    (email,) = QueuedEmail.objects.filter(template="updates/version")
    press(mail_of(email.person_id), "decline", do="no")
    assert {may_use_product(first), may_use_product(second)} == {"declined"}
    assert sorted(UpdateReader.objects.filter(update=update).values_list("way", flat=True)) == ["email", "shared"]


def test_stopped_nothing_leaves_and_resumed_the_rest_does_once(site, run_jobs):
    alice = known_person(ALICE | PRODUCT)
    update = adopt_second()
    sending.send(update.pk, at_utc=datetime.now(UTC))
    sending.stop(update.pk)
    run_jobs()
    assert QueuedEmail.objects.get(person=alice).state == "held"
    read = board.read(update)
    assert (read.addresses, read.waiting, read.not_sent, read.emails.sent) == (1, 0, 1, 0), "each is in one of them"
    with pytest.raises(sending.NotInPhase):
        sending.stop(update.pk)
    sending.resume(update.pk, at_utc=datetime.now(UTC))
    run_jobs()
    assert QueuedEmail.objects.get(person=alice).state == "sent"


def test_a_later_version_asks_about_the_sum_and_what_had_not_left_never_leaves(site, run_jobs):
    alice = known_person(ALICE | PRODUCT)
    first = adopt_second()
    sending.send(first.pk, at_utc=datetime.now(UTC))
    owners.adopt(text_of(3, next_day(), FROM_QUOTES), by="staff:test")
    second = sending.begin(at_utc=datetime.now(UTC))
    run_jobs()
    first.refresh_from_db()
    assert (first.state, second.since) == (PolicyUpdate.Phase.SUPERSEDED, 1)
    assert (board.find_successor(first), board.find_successor(second)) == (second, None)
    page = text(signed_in("pia", role="privacy", name="Pia Adler").get("/console/updates/2/"))
    assert "Version 3 came while this one was being asked about." in page
    assert "No answers yet." not in page
    states = QueuedEmail.objects.filter(person=alice).order_by("queued_utc").values_list("batch", "state")
    assert list(states) == [(first.pk, "held"), (second.pk, "sent")]
    assert UpdateReader.objects.get(update=second, person=alice).asks == ["content@2"]


def test_who_was_told_of_a_version_hears_from_the_next_one_only_what_is_new_and_is_asked_what_is_open(site, run_jobs):
    alice = known_person(ALICE | PRODUCT)
    adopt_second()
    run_jobs()
    draft = sound(text_of(3, next_day(), FROM_QUOTES, ("title: Content\n", "title: Content for you\n")))
    (letter,) = rehearsing.rehearse(draft, at_utc=datetime.now(UTC)).letters
    assert letter.asks == ("content@2",)
    owners.adopt(draft.text, by="staff:test")
    second = sending.begin(at_utc=datetime.now(UTC))
    run_jobs()
    assert (second.since, second.asks_since) == (2, 1)
    assert UpdateReader.objects.get(update=second, person=alice).asks == ["content@2"]
    mails = QueuedEmail.objects.filter(person=alice, batch=second.pk)
    assert "/policy/2..3" in (transport.folder() / f"{mails.get().id}.eml").read_text()


def test_a_draft_is_adopted_by_two_at_its_time_and_can_be_withdrawn_before(site, run_jobs):
    known_person(ALICE | PRODUCT)
    now = datetime.now(UTC)
    draft = drafts.save(text_of(2, next_day(), FROM_QUOTES), source=drafts.TYPED, who="staff:pia", at_utc=now)
    rehearsal = rehearsing.rehearse(drafts.check(draft).policy, at_utc=now)
    assert (rehearsal.asked, rehearsal.asked_by_email, rehearsal.emails, rehearsal.uses) == (1, 1, 1, ("content",))
    with acting_as("pia"):
        first = adopting.propose(draft, {}, who="staff:pia", at_utc=now)
        with pytest.raises(gate.Refusal, match="Someone else"):
            adopting.approve(first, sha256=draft.sha256, who="staff:pia", at_utc=now)
        adopting.withdraw(first, who="staff:pia", at_utc=now)
        again = adopting.propose(draft, {"U3": "wording"}, who="staff:pia", at_utc=now)
    assert not adopting.run(again.pk)
    with acting_as("sam", role="sales"), pytest.raises(gate.Refusal, match="privacy"):
        adopting.approve(again, sha256=draft.sha256, who="staff:sam", at_utc=now)
    with acting_as("otto"):
        with pytest.raises(gate.Refusal, match="not the one"):
            adopting.approve(again, sha256="0" * 64, who="staff:otto", at_utc=now)
        adopting.approve(again, sha256=draft.sha256, who="staff:otto", at_utc=now)
    assert adopting.run(again.pk) == (again.effective_utc <= datetime.now(UTC))


def test_a_question_about_marketing_is_emailed_to_nobody_who_opted_out_of_it(site, run_jobs):
    alice, bob, charlie = (known_person(each | PRODUCT) for each in (ALICE, BOB, CHARLIE))
    gate.choose(person=alice, question=MARKETING, version=1, yes=False, way="test")
    note_signals([bob], section="C14", way="test")
    owners.adopt(text_of(2, next_day(), OFFERS, *PROMISES_LESS), by="staff:test")
    update = sending.begin(at_utc=datetime.now(UTC))
    run_jobs()
    readers = {each.person_id: (each.asks, each.facts) for each in UpdateReader.objects.filter(update=update)}
    assert readers == {alice: ([], ["offers"]), bob: ([], ["offers"]), charlie: (["offers@2"], [])}
    for told in (alice, bob):
        assert "“Offers” is new, and stays off for you" in mail_of(told)
        assert "/accept/" not in mail_of(told)
        assert gate.standing(told).decide("offers", "product").code not in ("stated", "answered")
    assert "/accept/" in mail_of(charlie)
    (widened,) = wording.describe(in_force.law(), 2, 1, "", "quotes", coming=False)["told"]  # type: ignore[misc]
    assert not widened.new, "a purpose that version 1 had may use more, and isn't new"


def test_after_an_opt_out_of_sale_nobody_reminds_and_the_question_rests_for_12_months(site, run_jobs):
    """Source  Cal. Civ. Code 1798.135 (c) (4)"""
    alice, bob = known_person(ALICE | PRODUCT), known_person(BOB | PRODUCT)
    owners.adopt(text_of(2, next_day(), OFFERS, *PROMISES_LESS), by="staff:test")
    update = sending.begin(at_utc=datetime.now(UTC))
    run_jobs()
    assert {each.asks[0] for each in UpdateReader.objects.filter(update=update)} == {"offers@2"}
    note_signals([alice], section="C14", way="test")
    gate.choose(person=bob, question="offers@2", version=2, yes=False, way="test")
    remind_two_weeks_later(update)
    run_jobs()
    assert not QueuedEmail.objects.filter(template="updates/reminder").exists()
    (rests,) = gate.find_open([alice], at_utc=datetime.now(UTC))
    assert 364 <= (rests.rests_until_utc - datetime.now(UTC)).days <= 366
    assert "California Civil Code Section 1798.135 (c)(4)" in press(mail_of(alice), "preferences")
    (asked,) = gate.find_open([alice], at_utc=datetime.now(UTC) + timedelta(days=400))
    assert asked.rests_until_utc is None
    wider = (OFFERS[0], OFFERS[1].replace("[name, product]", "[name, product, company]"))
    owners.adopt(text_of(3, next_day(), wider, *PROMISES_LESS), by="staff:test")
    sending.begin(at_utc=datetime.now(UTC))
    assert "offers@3" not in {name for each in UpdateReader.objects.filter(person=bob) for name in each.asks}
