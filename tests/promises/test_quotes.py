"""§ Quotes: passed to the right recipient, recorded as a disclosure that the person can see."""

import pytest
from tests.visits import BROWSER, MARISOL, send, signed_in, text, visitor

from troth.outbox import QueuedEmail
from troth.policy import Policy
from troth.records import ledger
from troth.security import links
from troth.security.links import Link
from troth.uses.quotes.models import QuoteRequest
from troth.words.values import why_in_words

CHARLIE = {**MARISOL, "name": "Charlie Stranger", "email": "charlie@elsewhere.example", "note": "Only mine."}


@pytest.mark.clause("U6")
def test_U6_her_contact_data_goes_to_the_recipient_of_the_rule_and_she_sees_it(site: Policy, run_jobs) -> None:
    client = visitor()
    sent = send(client, "/quote/", MARISOL)
    run_jobs()

    quote = QuoteRequest.objects.get()
    (disclosed,) = [entry for entry in ledger.history(quote.person_id) if entry.kind == "disclosed"]
    assert disclosed.recipient == f"{quote.recipient_class}:{quote.recipient}" == "distributor:calder-systems"
    assert (disclosed.purpose, disclosed.section, disclosed.cause) == ("quotes", "U6", quote.pk)
    assert set(disclosed.kinds) == set(MARISOL)

    receipt = text(client.get(sent["Location"]))
    assert "Your request is with Dana Okafor, Calder Systems" in receipt
    assert "Our routing rules chose who answers." in receipt
    assert "for that request and for nothing else" in receipt

    email = QueuedEmail.objects.get(template="quotes/request")
    assert (email.to, email.state) == ("distributor:calder-systems", "sent")


@pytest.mark.clause("U6")
def test_U6_her_email_leads_to_a_history_that_names_the_recipient(site: Policy, run_jobs) -> None:
    send(visitor(), "/quote/", MARISOL)
    run_jobs()
    link = Link.objects.get(power="full")
    assert QueuedEmail.objects.get(template="quotes/receipt").facts["link"] == str(link.pk)
    page = text(visitor().post(links.address(link), **BROWSER))
    assert "Dana Okafor, Calder Systems received the" in page
    assert "Marisol Vance" in page


@pytest.mark.clause("U6")
def test_U6_a_stranger_who_also_asked_sees_nothing_of_hers(site: Policy, run_jobs) -> None:
    send(visitor(), "/quote/", MARISOL)
    sent = send(visitor(), "/quote/", CHARLIE)
    run_jobs()
    theirs = QuoteRequest.objects.order_by("number").last()
    assert theirs is not None
    mailed = links.address(Link.objects.get(power="full", person=theirs.person_id))
    for page in (text(visitor().get(sent["Location"])), text(visitor().post(mailed, **BROWSER))):
        assert "Marisol" not in page
        assert MARISOL["note"] not in page


@pytest.mark.clause("U6")
def test_U6_service_goes_to_who_serves(site: Policy, run_jobs) -> None:
    send(visitor(), "/quote/", {**MARISOL, "need": "service"})
    run_jobs()
    quote = QuoteRequest.objects.get()
    assert quote.recipient_class in ("consultant", "staff.sales")
    assert "Service:" in text(signed_in().get("/console/quotes/"))


@pytest.mark.clause("U6")
def test_U6_what_no_rule_can_place_alarms_and_she_is_told_who_looks_at_it(site: Policy, run_jobs) -> None:
    client = visitor()
    sent = send(client, "/quote/", {**MARISOL, "zip": "00000"})
    run_jobs()
    quote = QuoteRequest.objects.get()
    assert "Your request is with our staff" in text(client.get(sent["Location"]))
    assert why_in_words(quote.alarm) in text(signed_in().get("/console/"))
    assert [entry.kind for entry in ledger.history(quote.person_id)].count("disclosed") == 1
