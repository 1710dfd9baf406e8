"""§ Data collection: forms, inquiries, and a site that works without cookies."""

import re

import pytest
from tests.visits import BROWSER, MARISOL, send, text, visitor

from troth.policy import Policy
from troth.records import ledger
from troth.records.ledger import Collected
from troth.security import links
from troth.security.links import Link
from troth.uses.inquiries.models import Inquiry
from troth.uses.quotes.models import QuoteRequest

BOB = {"name": "Bob Ferreira", "email": "bob@northgate.example"}
CHARLIE = {"name": "Charlie Stranger", "email": "charlie@elsewhere.example"}


@pytest.mark.clause("C1")
def test_C1_what_she_typed_into_the_form_is_what_is_held_and_she_sees_it(site: Policy, run_jobs) -> None:
    sent = send(visitor(), "/quote/", MARISOL)
    run_jobs()
    (collected,) = [
        entry for entry in ledger.history(QuoteRequest.objects.get().person_id) if entry.kind == "collected"
    ]
    assert set(collected.kinds) == set(MARISOL)
    assert (collected.read(Collected).channel, collected.version, collected.who) == ("form.quote", 1, "person")
    page = text(visitor().get(sent["Location"].replace("receipt", "history")))
    assert re.search(r"Which \d+\? name, email, phone, company", page)
    assert "in “Request a quote or service”" in page
    assert BOB["name"] not in page


@pytest.mark.clause("C2")
def test_C2_an_inquiry_remembers_where_it_came_from_and_under_which_version(site: Policy, run_jobs) -> None:
    sent = send(visitor(), "/contact/", {**BOB, "note": "Does it run on two plants?"})
    send(visitor(), "/contact/", {**CHARLIE, "note": "Nothing of Bob's is mine."})
    run_jobs()
    bobs, charlies = Inquiry.objects.order_by("number")
    (collected,) = [entry for entry in ledger.history(bobs.person_id) if entry.kind == "collected"]
    assert (collected.read(Collected).channel, collected.version, collected.cause) == ("form.contact", 1, bobs.pk)
    assert f"Receipt {bobs.number}" in text(visitor().get(sent["Location"]))
    theirs = links.address(Link.objects.get(person=charlies.person_id, power="full"))
    page = text(visitor().post(theirs, **BROWSER))
    assert "Nothing of Bob's is mine." in page
    assert BOB["email"] not in page
    assert "two plants" not in page


@pytest.mark.clause("C12")
def test_C12_every_form_works_and_answers_without_a_cookie(site: Policy, run_jobs) -> None:
    forms = {
        "/quote/": MARISOL,
        "/contact/": {**BOB, "note": "Hello"},
        "/register/": {**BOB, "company": "Northgate", "country": "DE"},
    }
    for address, values in forms.items():
        client = visitor()
        sent = send(client, address, values)
        assert sent.status_code == 303, text(sent)
        assert client.get(sent["Location"]).status_code == 200
        assert not client.cookies
    assert QuoteRequest.objects.count() + Inquiry.objects.count() == 3


@pytest.mark.clause("S2")
def test_S2_a_card_number_is_refused_and_nothing_is_kept(site: Policy) -> None:
    answer = send(visitor(), "/contact/", {**BOB, "note": "Charge 5555 5555 5555 4444 please"})
    assert answer.status_code == 400
    assert "This looks like a card number" in text(answer)
    assert not Inquiry.objects.exists()
