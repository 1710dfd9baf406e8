"""The portal: a customer finds all her requests in one list, and each has a page; nobody else's is there."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.access.hers import QUOTE, link_of
from tests.access.test_organizations import ALICE, BOB, STRANGER, alice, member
from tests.access.test_signed_in import browser, owner_of
from tests.accounts import post
from tests.acting import acting_as
from tests.visits import signed_in, text, visitor
from tests.worlds import kept

from troth import gate
from troth.access.portal import listing
from troth.access.requests.kinds import ERASURE, QUESTION
from troth.cases import actions as cases
from troth.cases import events
from troth.cases.models import Case
from troth.cases.thread.writing import wait_for_person
from troth.collection.forms.types.installed import join as join_installation
from troth.collection.intake import Intake
from troth.desk import index
from troth.outbox import QueuedEmail
from troth.records import ledger, profile
from troth.records.accounts import join
from troth.security import links
from troth.security.models import User
from troth.uses.inquiries import actions as inquiries
from troth.uses.quotes import actions as quotes
from troth.uses.support import actions as support

__all__ = ["alice"]

LIST = "/account/requests/"
PROCESS, DISCRETE = "optipro-process", "optipro-discrete"


def ask(values, record, place: str = "form.quote") -> "tuple[Case, UUID]":
    """A request as its form makes it, by somebody who may have no account yet."""
    request, now = gate.new_id(), datetime.now(UTC)
    person = kept(values, channel=place, cause=request).person
    intake = Intake(values=values, cause=request, person=person, place=place, version=1, at_utc=now)
    return record(intake), person


def quote_of(address: str) -> "tuple[Case, UUID]":
    return ask({**QUOTE, "email": address, "product": "optipro-process", "users": "40"}, quotes.record)


def test_a_customer_finds_all_her_requests(alice):
    earlier, fact = quote_of(ALICE)  # before she told us that she has an account
    user, _person = alice
    client = browser(user)
    assert "No requests yet" in text(client.get(LIST))
    join(user=user.pk, person=fact, address=ALICE, way="same address")
    quotes.route(earlier.pk, at_utc=datetime.now(UTC))
    question, asked = ask({"email": ALICE, "name": "Alice"}, inquiries.record, "form.contact")
    join(user=user.pk, person=asked, way="signed in")
    receipt = links.address(link_of(asked, "masked", cause=question.pk), "receipt")
    hers, others = [each.get(receipt).content.decode() for each in (client, visitor())]
    assert f'<a href="{LIST}">' in hers, "Her own receipt has the portal's frame."
    assert f'href="/account/data/{asked}/"' in hers
    assert f'<a href="{LIST}">' not in others
    colleague, _ = member(alice, BOB, "member")
    theirs, shared = quote_of(BOB)
    join(user=colleague.pk, person=shared, address=BOB, way="same address")
    strangers, _ = quote_of(STRANGER)

    page = text(client.get(LIST))
    assert earlier.number in page
    assert question.number in page
    assert theirs.number not in page, "Nothing of a colleague before he shares it."
    assert "Share with organization" in text(client.get(f"{LIST}{earlier.number}/"))
    asked = f"{LIST}{question.number}/"
    assert "Share with organization" in text(client.get(asked)), "Colleagues would see its state."
    assert post(browser(colleague), f"/organization/share/{shared}/", {"share": "yes"}).status_code == 303
    page = text(client.get(LIST))
    assert theirs.number in page
    assert "shared by Owner" in page
    assert "OptiPro Process, 40 users" in page
    assert strangers.number not in page
    assert "Open 3" in page
    assert theirs.number not in text(client.get(f"{LIST}?whose=mine"))
    assert earlier.number not in text(client.get(f"{LIST}?whose=shared"))
    assert earlier.number in text(client.get(f"{LIST}?q=process&kind=quote"))
    assert "No requests found" in text(client.get(f"{LIST}?q=nothing-like-it"))
    assert client.get(f"{LIST}?status=lost").status_code == 404

    his = text(client.get(f"{LIST}{theirs.number}/"))
    assert "Shared by" in his
    assert QUOTE["name"] not in his, "Colleagues see what it is about, never what he typed."
    assert "Your request" not in his, "It is his."
    quotes.route(theirs.pk, at_utc=datetime.now(UTC))
    events.add(
        theirs,
        "replied",
        who="program:test",
        at_utc=datetime.now(UTC),
        change=wait_for_person(Case.objects.get(pk=theirs.pk)),
    )
    page = text(client.get(LIST))
    assert "Waiting for you" not in page.partition("Open 3")[0].rpartition("Show")[2], "It waits for him."
    assert "waiting for your colleague" in page
    assert "Waiting for you 1" in text(browser(colleague).get(LIST))
    assert post(client, f"{LIST}{theirs.number}/", {"do": "withdraw"}).status_code == 404
    assert client.get(f"{LIST}{strangers.number}/").status_code == 404


def test_her_own_requests_are_named_by_what_she_wrote_with_one_use_and_colleagues_by_their_subject(alice, monkeypatch):
    user, _person = alice
    client = browser(user)
    wrote = "The report server stops at night. It ran before."
    mine, fact = ask({"email": ALICE, "name": "Alice", "note": wrote}, inquiries.record, "form.contact")
    join(user=user.pk, person=fact, address=ALICE, way="same address")
    colleague, _ = member(alice, BOB, "member")
    theirs, shared = ask({"email": BOB, "name": "Bob", "note": "Seats for Fresno."}, inquiries.record, "form.contact")
    join(user=colleague.pk, person=shared, address=BOB, way="same address")
    assert post(browser(colleague), f"/organization/share/{shared}/", {"share": "yes"}).status_code == 303
    before = [len(ledger.bulk_uses_of(each)) for each in (fact, shared)]

    for address in (LIST, "/", LIST, f"{LIST}?q=server+night", f"{LIST}{mine.number}/"):
        page = text(client.get(address))
        assert re.search("The report server stops at night (Contact us|We received)", page), address
    for address in (LIST, f"{LIST}{theirs.number}/"):
        page = text(client.get(address))
        assert "Contact us" in page
        assert "Seats for Fresno" not in page
    assert theirs.number not in text(client.get(f"{LIST}?q=Fresno"))

    assert [len(ledger.bulk_uses_of(each)) for each in (fact, shared)] == [before[0] + 1, before[1]]
    use = ledger.bulk_uses_of(fact)[-1]
    assert (use.who, use.kinds) == ("program:account", ("note", "message"))
    history = text(client.get("/account/data/?routine=1"))
    assert "to name your requests by what you wrote" in history
    assert "other people" not in history

    monkeypatch.setattr(listing, "WORD_KINDS", ("unstated",))  # as of a policy that lets none of them be shown
    page = text(client.get(LIST))
    assert mine.number in page
    assert "report server" not in page
    assert len(ledger.bulk_uses_of(fact)) == before[0] + 1


def test_a_request_says_who_has_it_and_is_withdrawn_on_its_page(alice):
    user, _person = alice
    asked, fact = quote_of(ALICE)
    join(user=user.pk, person=fact, address=ALICE, way="same address")
    quotes.route(asked.pk, at_utc=datetime.now(UTC))
    client, here = browser(user), f"{LIST}{asked.number}/"
    ines = signed_in("ines", role="sales", name="Ines Moreau")
    post(ines, f"/console/quotes/{asked.number}/", {"do": "contact", "reason": "to answer it"})
    page = text(client.get(here))
    assert "Who got what Ines Moreau Name" in page
    assert "We pass your contact details to the salesperson" in page, "The policy says why."
    recipient = asked.__class__.objects.get(pk=asked.pk).recipient_name.partition(",")[0]
    assert f"{recipient}" in page
    assert "Who got what" in page
    assert "We email you when we answer" not in page, "Who got it answers by their own email."
    assert QUOTE["name"] in page
    assert "Answer due by" in page
    shared = post(client, f"/organization/share/{fact}/", {"share": "yes", "request": asked.number})
    assert shared["Location"].startswith(f"{here}?done=")
    assert client.post(here, {"do": "withdraw"}, HTTP_ORIGIN="http://elsewhere.example").status_code == 403
    assert post(client, here, {"do": "withdraw"}).status_code == 303
    page = text(client.get(here))
    assert "You withdrew the request." in page
    assert "You withdrew this request. You can ask again at any time." in page
    assert "Withdraw request" not in page
    assert "Closed 1" in text(client.get(LIST))


def undone(client, page) -> str:
    sealed = re.search(r'name="done" value="([^"]+)"', page)
    assert sealed, page
    return text(client.get(post(client, "/account/undo/", {"done": sealed[1]})["Location"]))


@pytest.mark.parametrize(
    ("do", "said"),
    [
        ("close", "You closed this request."),
        ("reply and close", "You closed this request."),
        ("withdraw", "You withdrew this request."),
    ],
)
def test_what_she_ends_herself_says_so_and_opens_again_as_it_was(alice, do, said):
    user, _person = alice
    asked, fact = ask({"email": ALICE, "name": "Alice", "product": "optipro-process"}, support.record, "form.support")
    join(user=user.pk, person=fact, address=ALICE, way="same address")
    with acting_as("yusuf", role="support"):  # who helped is rated
        cases.assign(asked.pk, to="yusuf", at_utc=datetime.now(UTC), who="staff:yusuf")
    client, here = browser(user), f"{LIST}{asked.number}/"
    page = client.get(here).content.decode()
    assert "Send reply and close case" in page
    nonce = re.search(r'name="nonce" value="([^"]+)"', page)
    before = Case.objects.get(pk=asked.pk)
    ended = post(client, here, {"do": do, "message": "It works now.", "nonce": nonce[1] if nonce else ""})
    page = client.get(ended["Location"]).content.decode()
    assert said in page
    assert Case.objects.get(pk=asked.pk).state not in Case.LIVING
    assert ("It works now." in page) is (do == "reply and close")
    assert "Send reply and close case" not in page
    if do == "close":
        refused = post(client, here, {"do": "rate", "comment": "Fast and friendly."})
        assert (refused.status_code, "Choose one of the ratings." in text(refused)) == (400, True)
        assert "Fast and friendly." in text(refused), "What was written isn’t lost."
        rated = post(client, here, {"do": "rate", "rating": "5"})
        assert "Thank you for rating" in text(client.get(rated["Location"]))
    assert ("By you" in client.get(LIST).content.decode()) is True
    stranger, _ = owner_of(STRANGER)
    sealed = re.search(r'name="done" value="([^"]+)"', page)
    assert sealed
    post(browser(stranger), "/account/undo/", {"done": sealed[1]})
    assert Case.objects.get(pk=asked.pk).state not in Case.LIVING
    assert "This request is open again." in undone(client, page)
    after = Case.objects.get(pk=asked.pk)
    assert (after.state, after.waits_for) == (before.state, before.waits_for)
    if do != "reply and close":
        assert after.due_utc == before.due_utc
    assert "There was nothing to undo." in undone(client, page), "Once is enough."


def test_what_waits_for_her_stands_first_and_late_ones_say_so(alice):
    user, person = alice
    now = datetime.now(UTC)
    for kind, verified in ((ERASURE, False), (QUESTION, True)):
        cases.open_case(
            kind,
            cases.CaseArrival(id=gate.new_id(), person=person, manner="account", at_utc=now, account=user.pk),
            verified=verified,
        )
    client = browser(user)
    page = text(client.get(LIST))
    assert page.index("Waiting for you 1") < page.rindex("Delete my data") < page.index("Open 1")
    assert "Open 1" not in text(client.get(f"{LIST}?status=waiting"))


def test_products_she_asked_about_are_gathered_under_their_names(alice):
    user, _person = alice
    client = browser(user)
    assert "No products yet" in text(client.get("/account/products/"))
    asked, fact = quote_of(ALICE)
    theirs, _fact = quote_of(STRANGER)
    join(user=user.pk, person=fact, address=ALICE, way="same address")
    page = text(client.get("/account/products/"))
    assert page.count("OptiPro Process") == 1
    assert asked.number in page
    assert theirs.number not in page


def test_without_a_room_that_knows_products_there_is_no_such_tab(alice, monkeypatch):
    client = browser(alice[0])
    assert "/account/products/" in client.get(LIST).content.decode()
    monkeypatch.setattr(index, "_ROOMS", [replace(room, products=None) for room in index.rooms()])
    assert "/account/products/" not in client.get(LIST).content.decode()
    assert client.get("/account/products/").status_code == 404


def test_what_a_request_is_about_follows_its_correction_and_the_way_leads_back(alice):
    given = {**QUOTE, "email": ALICE, "product": PROCESS, "users": "40", "country": "US", "state": "CA"}
    quote, fact = ask(given, quotes.record)
    user, _person = alice
    join(user=user.pk, person=fact, address=ALICE, way="same address")
    quotes.route(quote.pk, at_utc=datetime.now(UTC))
    QueuedEmail.objects.update(state=QueuedEmail.State.SENT, sent_utc=datetime.now(UTC))
    client, own, place = browser(user), f"{LIST}{quote.number}/", f"/account/profile/{fact}/"
    datum = next(each.id for each in profile.list_data(fact) if each.kind == "users")
    page = post(client, place, {"do": "edit", "datum": datum}).content.decode()
    assert f'<a href="{own}">' in page
    nonce = re.findall(r'name="nonce" value="([^"]+)"', page)[0]
    corrected = post(client, place, {"do": "correct", "datum": datum, "nonce": nonce, "users": "55"})
    assert "You corrected “Number of users”" in text(corrected)
    assert "Dana Okafor, Calder Systems received the previous value, and we don’t tell them" in text(corrected)
    assert "OptiPro Process, 55 users" in text(client.get(own))
    undo = re.findall(r'name="done" value="([^"]+)"', corrected.content.decode())[0]
    post(client, "/account/undo/", {"done": undo})
    assert "OptiPro Process, 40 users" in text(client.get(own))


INSTALLED = {"product": PROCESS, "installation": join_installation(PROCESS, "12.2.6")}
CORRECTED = {
    "support": ("form.support", INSTALLED, {"product": DISCRETE, "installation": "12.4.0"}, ("product", "release")),
    "inquiries": ("form.contact", {"product": PROCESS}, {"product": DISCRETE}, ("product",)),
    "newsletter": (
        "form.installation",
        INSTALLED,
        {"product": DISCRETE, "installation": "12.4.0"},
        ("product", "release"),
    ),
}
"""Room → a form, what was given there, what it is corrected to, and where the room repeats it. Quotes are above."""


@pytest.mark.parametrize("name", CORRECTED)
def test_a_correction_reaches_what_each_room_repeats_and_the_way_leads_back(alice, name):
    rooms = {room.name: room for room in index.rooms() if room.corrects}
    assert {*rooms} == {"quotes", *CORRECTED}
    form, given, corrected, repeated = CORRECTED[name]
    asked, fact = ask({"email": ALICE, **given}, rooms[name].takes[form], form)
    user, _person = alice
    join(user=user.pk, person=fact, address=ALICE, way="same address")
    client, place = browser(user), f"/account/profile/{fact}/"
    datum = next(each.id for each in profile.list_data(fact) if each.kind == "product")
    page = post(client, place, {"do": "edit", "datum": datum}).content.decode()
    nonce = re.findall(r'name="nonce" value="([^"]+)"', page)[0]
    assert ('value="12.2.6"' in page) is ("installation" in given), "A release is corrected beside its product."
    before = read_columns(asked, repeated)
    done = post(client, place, {"do": "correct", "datum": datum, "nonce": nonce, **corrected})
    assert "You corrected" in text(done)
    assert read_columns(asked, repeated) == [*corrected.values()]
    undo = re.findall(r'name="done" value="([^"]+)"', done.content.decode())[0]
    post(client, "/account/undo/", {"done": undo})
    assert read_columns(asked, repeated) == before


def read_columns(row, columns) -> list[str]:
    return [str(value) for value in type(row).objects.values_list(*columns).get(pk=row.pk)]


def test_the_tabs_lead_everywhere_and_know_where_they_are(alice):
    client = browser(alice[0])
    for address, tab in (
        (LIST, "Requests"),
        ("/account/data/", "Data &amp; history"),
        ("/account/profile/", "Data &amp; history"),
        ("/account/preferences/", "Privacy choices"),
        ("/organization/", "Organization"),
        ("/account/", "Account"),
        ("/privacy-choices/", "Privacy choices"),
        ("/newsletters/sign-up/", "Privacy choices"),
        ("/california/", "Requests"),
        ("/installations/register/", "Products"),
    ):
        page = client.get(address).content.decode()
        assert 'class="tabs"' in page, address
        current = page.split('class="tabs"')[1].split("aria-current=")[1].partition(">")[2].partition("<")[0]
        assert current == tab, address


def test_pages_of_the_portal_ask_the_database_a_few_times(alice):
    earlier, fact = ask({**QUOTE, "email": ALICE, "note": "We go live in May."}, quotes.record)
    user, _person = alice
    join(user=user.pk, person=fact, address=ALICE, way="same address")
    client = browser(user)
    # One query of each is the name in the header.
    for address, most in (
        ("/account/", 7),
        (LIST, 8),  # of these, one is what they wrote
        (f"{LIST}{earlier.number}/", 13),  # of these, one is the messages
        ("/account/data/", 9),
        ("/account/preferences/", 11),  # of these, one is the open requests, and one what was registered
        # Of these, one is the organization's, one the quote's, and one the request that it leads back to.
        (f"/account/profile/{fact}/", 11),
        ("/account/profile/", 9),
    ):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert len(asked) <= most, "\n".join([address, *(each["sql"] for each in asked)])


def test_who_is_signed_in_and_whose_data_they_have_is_read_at_once_and_anew_in_each_request(alice):
    user, _person = alice
    client = browser(user)
    quote, fact = quote_of(ALICE)
    assert quote.number not in text(client.get(LIST))
    join(user=user.pk, person=fact, address=ALICE, way="same address")
    assert quote.number in text(client.get(LIST))
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(LIST).status_code in (302, 303), "an account that was closed since is not signed in"
