"""Global Privacy Control, as a form hears it: shown before sending, and once in the history of who sent it."""

from tests.visits import BROWSER, MARISOL, opened, text, visitor

from troth.records import ledger
from troth.uses.quotes.models import QuoteRequest


def kinds_after(site, **headers) -> list[str]:
    client = visitor()
    client.post("/quote/", {"nonce": opened(client, "/quote/"), **MARISOL}, **{**BROWSER, **headers})
    return [entry.kind for entry in ledger.history(QuoteRequest.objects.get().person_id)]


def test_the_form_says_that_it_sees_the_signal(site):
    seen, unseen = visitor().get("/quote/", HTTP_SEC_GPC="1"), visitor().get("/quote/", HTTP_SEC_GPC="0")
    assert "Your browser sends Global Privacy Control" in text(seen)
    assert "Your browser sends Global Privacy Control" not in text(unseen)
    assert "Sec-GPC" in seen["Vary"]


def test_what_was_sent_with_the_signal_has_it_in_its_history(site):
    assert kinds_after(site, HTTP_SEC_GPC="1").count("signal") == 1


def test_without_the_exact_signal_nothing_is_written(site):
    assert "signal" not in kinds_after(site, HTTP_SEC_GPC="true")
