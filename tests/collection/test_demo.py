"""The people of the demonstration."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tests.accounts import sign_in
from tests.policy.texts import sound
from tests.visits import PASSWORD, SITE, staff

from troth import gate, in_force
from troth.cases.models import Case, CaseEvent
from troth.catalog import load_cast
from troth.collection.demo import SEED, invent_people, make_address, read_password
from troth.collection.demo_staff import working_staff
from troth.collection.forms import normalize
from troth.outbox import QueuedEmail, emails
from troth.policy import Law
from troth.records import stored
from troth.records.ledger import history
from troth.records.stored import StoredFile
from troth.security.sessions import Session
from troth.uses.newsletter.models import SignUp
from troth.uses.quotes.models import QuoteRequest
from troth.web.demo import seed, takers

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_two_hundred_people_and_customers_who_sign_in_are_made_once_their_requests_are_routed_and_one_raises_an_alarm(
    site, owner, run_jobs
):
    cast = load_cast(SITE).cast
    assert cast is not None
    for each in cast.staff:
        staff(each.username, role=each.role, name=each.name)
    with gate.owner.backdating(), working_staff(PASSWORD):
        assert seed(SITE) == 200
        assert seed(SITE) == 0
    assert not CaseEvent.objects.filter(who="program:demo").exists(), "Staff did it, as staff who are signed in."
    assert CaseEvent.objects.filter(what="replied", who="staff:yusuf").exists()
    assert not Session.objects.exists(), "The staff signed out."
    assert StoredFile.objects.count() > 3, "people attach files where the policy takes them"
    assert stored.sweep(at_utc=datetime.now(UTC) + 2 * stored.GRACE) == stored.Swept(0, ())
    for case in Case.objects.prefetch_related("events"):
        received = case.events.get(what="received")
        assert abs(received.at_utc - case.received_utc) < timedelta(hours=1), case.number
        assert case.answered_utc is None or case.answered_utc - case.received_utc < timedelta(days=4), case.number
    routed = QuoteRequest.objects.exclude(routed_utc=None)
    assert routed.count() > 10
    for quote in routed:  # nothing of the past happened only when the demonstration started
        told = [entry for entry in history(quote.asker) if entry.cause == quote.pk and entry.kind != "shared"]
        older = QueuedEmail.objects.filter(
            request=quote.pk, queued_utc__lt=datetime.now(UTC) - timedelta(days=1), state="sent"
        )
        sent = [mail.sent_utc for mail in older]
        assert all(at and at - quote.received_utc < timedelta(hours=1) for at in (quote.routed_utc, *sent))
        assert all(entry.at_utc - quote.received_utc < timedelta(hours=1) for entry in told)
    run_jobs()
    states = {quote.stage for quote in QuoteRequest.objects.all()}
    assert states == {"routed", "queued", "answered", "withdrawn"}
    assert QuoteRequest.objects.exclude(alarm="").count() == 1
    assert all(each.recipient for each in QuoteRequest.objects.filter(state=Case.ANSWERED)), (
        "nobody answers what nobody got"
    )
    stopped = QueuedEmail.objects.filter(state__in=("failed", "held", "unknown"))
    assert len(set(stopped.values_list("template", flat=True))) > 3, "the board isn't all of one kind"
    assert QueuedEmail.objects.filter(state="planned", waiting_since_utc__isnull=False).count() == 1
    assert not QueuedEmail.objects.filter(why=emails.SPENT).exists(), "nobody confirms before the email came"
    assert SignUp.objects.exclude(confirmed_utc=None).count() > 15
    hers = Case.objects.filter(purpose="rights").values_list("kind", "state").order_by("kind", "state")
    assert list(hers) == [
        ("copy", "answered"),
        ("correction", "open"),
        ("correction", "open"),
        ("correction", "open"),
        ("erasure", "open"),
        ("erasure", "unverified"),
        ("incident", "open"),
        ("legal-hold", "open"),
        ("opt-out", "answered"),
        ("question", "open"),
        ("question", "open"),
        ("question", "unverified"),  # by email: its sender has not proven the address
    ]
    today = datetime.now(UTC)
    assert gate.list_deleted((today - timedelta(days=30)).date()), "data whose time was over was deleted"
    assert gate.list_ahead(today + timedelta(days=30)), "and more is going to be"
    leader, colleague = (
        sign_in(make_address(name, "halden-valve-works.example"), read_password()).client
        for name in ("Nora Halvorsen", "Tom Rezek")
    )
    hers = leader.get("/account/requests/").content.decode()
    assert all(found in hers for found in ("answered", "withdrawn", "A copy of my data", "shared by Tom Rezek"))
    assert "shared by Nora Halvorsen" in colleague.get("/account/requests/").content.decode()
    assert all(name in colleague.get("/organization/").content.decode() for name in ("Nora Halvorsen", "Tom Rezek"))


def test_each_gave_data_under_the_version_that_was_in_force_that_day():
    folder = Path(__file__).parents[2] / "examples" / "optiproerp"
    names = (
        "versions/1.md",
        "versions/2.md",
        "versions/3.md",
        "versions/4.md",
        "versions/5.md",
        "versions/6.md",
        "policy.md",
    )
    first, second, *later = (sound((folder / name).read_text(encoding="utf-8")) for name in names)
    cast = load_cast(folder).cast
    assert cast is not None
    law = Law(dict(enumerate((first, second, *later), start=1)), 7)
    made = invent_people(cast, law, places=list(takers()), now_utc=NOON, choose=Random(SEED))
    assert {one.version for one in made} == {1, 2}
    for one in made:
        assert one.version == (2 if one.at_utc.date() >= second.effective else 1)
        assert one.values.keys() <= {ask.kind for ask in law.versions[one.version].collects[one.place].asks}


def test_they_are_the_same_on_every_machine_and_pass_our_own_forms(site):
    cast = load_cast(SITE).cast
    assert cast is not None
    once, again = (
        invent_people(cast, in_force.law(), places=list(takers()), now_utc=NOON, choose=Random(SEED)) for _ in range(2)
    )
    assert once == again
    assert len({one.values["company"] for one in once if "company" in one.values}) >= 50
    for one in once:
        assert normalize.email(one.values["email"]) == one.values["email"]
        assert one.at_utc < NOON
