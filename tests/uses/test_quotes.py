from tests.visits import MARISOL, send, text, visitor
from troth.outbox import Letter
from troth.records import ledger
from troth.uses.quotes.models import QuoteRequest


def test_a_request_is_received_routed_and_told(site, run_jobs):
    client = visitor()
    sent = send(client, "/quote/", MARISOL)
    assert sent.status_code == 303, text(sent)
    page = client.get(sent["Location"])
    assert "We have your request" in text(page)

    run_jobs()

    quote = QuoteRequest.objects.get()
    page = text(client.get(sent["Location"]))
    assert quote.state == "routed"
    assert f"Your request is with {quote.recipient_name}" in page
    assert client.cookies == {}
