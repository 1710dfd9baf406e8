"""What stands around anonymous forms: no cookie, one use, our own page, and a limit by network."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from tests.visits import BROWSER, MARISOL, opened, send, text, visitor

from troth.collection.forms.models import FormNonce
from troth.collection.forms.nonce import forget_spent
from troth.security import limits
from troth.security.models import RateCount, RateSalt
from troth.uses.quotes.models import QuoteRequest

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.asvs("V2.3.1")
def test_sending_twice_makes_one_request_and_shows_the_same_receipt(site):
    client = visitor()
    nonce = opened(client, "/quote/")
    first, second = send(client, "/quote/", MARISOL, nonce=nonce), send(client, "/quote/", MARISOL, nonce=nonce)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"]
    assert QuoteRequest.objects.count() == 1


@pytest.mark.asvs("V2.3.1")
def test_other_words_under_a_spent_nonce_are_shown_again_and_sent_with_a_fresh_one(site):
    client = visitor()
    nonce = opened(client, "/quote/")
    first = send(client, "/quote/", MARISOL, nonce=nonce)
    other = {**MARISOL, "note": "And a second plant in Reno."}
    again = send(client, "/quote/", other, nonce=nonce)
    assert again.status_code == 409
    assert "Not sent yet You already sent this form with different contents" in text(again)
    assert "Fix " not in text(again)
    assert other["note"] in text(again)
    assert QuoteRequest.objects.count() == 1
    fresh = re.search(r'name="nonce" value="([^"]+)"', again.content.decode())
    assert fresh
    assert fresh[1] != nonce
    second = send(client, "/quote/", other, nonce=fresh[1])
    assert second.status_code == 303
    assert second["Location"] != first["Location"]
    assert QuoteRequest.objects.count() == 2


def test_the_same_words_typed_a_little_differently_are_the_same(site):
    client = visitor()
    nonce = opened(client, "/quote/")
    first = send(client, "/quote/", MARISOL, nonce=nonce)
    again = send(client, "/quote/", {**MARISOL, "name": " Marisol  Vance", "phone": "559-555-0134"}, nonce=nonce)
    assert again["Location"] == first["Location"]


def test_a_mark_of_what_was_sent_cannot_be_compared_without_the_forms_secret(site):
    client = visitor()
    send(client, "/quote/", MARISOL)
    send(client, "/quote/", MARISOL)
    one, other = FormNonce.objects.all()
    assert bytes(one.content) != bytes(other.content)


def test_two_that_arrive_together_make_one_request(site):
    client = visitor()
    nonce = opened(client, "/quote/")

    def press(_turn: int) -> str:
        try:
            return str(send(visitor(), "/quote/", MARISOL, nonce=nonce)["Location"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as hands:
        receipts = set(hands.map(press, range(4)))
    assert len(receipts) == 1
    assert QuoteRequest.objects.count() == 1


def test_a_refused_form_may_be_corrected_and_sent_with_its_new_nonce(site):
    client = visitor()
    wrong = send(client, "/quote/", {**MARISOL, "zip": "89501"})
    assert wrong.status_code == 400
    assert "Fix 1 problem" in text(wrong)
    assert "89501 is in Nevada" in text(wrong)
    assert MARISOL["note"] in text(wrong)
    assert send(client, "/quote/", MARISOL).status_code == 303


@pytest.mark.asvs("V3.5.1")
@pytest.mark.parametrize(
    "browser_says",
    [
        {"HTTP_ORIGIN": "https://evil.example", "HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_ORIGIN": "http://localhost", "HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "same-origin"},
        {"HTTP_ORIGIN": "http://localhost:81", "HTTP_SEC_FETCH_SITE": "same-origin"},
        {"HTTP_ORIGIN": "http://[::1", "HTTP_SEC_FETCH_SITE": "same-origin"},
    ],
)
def test_a_form_sent_from_another_page_is_not_kept(site, browser_says):
    answer = send(visitor(), "/quote/", MARISOL, **browser_says)
    assert answer.status_code == 403
    assert "come from our page" in text(answer)
    assert not QuoteRequest.objects.exists()


def test_a_browser_that_says_nothing_of_itself_is_not_believed(site):
    client = visitor()
    nonce = opened(client, "/quote/")
    assert client.post("/quote/", {"nonce": nonce, **MARISOL}).status_code == 403
    older = client.post("/quote/", {"nonce": nonce, **MARISOL}, HTTP_REFERER="http://localhost/quote/")
    assert older.status_code == 303


def test_no_page_of_the_story_sets_a_cookie(site, run_jobs):
    client = visitor()
    sent = send(client, "/quote/", MARISOL)
    run_jobs()
    client.get(sent["Location"])
    send(client, "/contact/", {"name": "A", "email": "a@b.example", "note": "Hello"})
    assert not client.cookies


def test_a_file_is_not_accepted(site):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = visitor()
    nonce = opened(client, "/quote/")
    data = {"nonce": nonce, **MARISOL, "plan": SimpleUploadedFile("plan.pdf", b"%PDF")}
    answer = client.post("/quote/", data, **BROWSER)
    assert answer.status_code == 400
    assert "We don’t accept files" in text(answer)


def test_a_network_that_sends_too_much_waits_and_keeps_what_was_typed(site, monkeypatch):
    monkeypatch.setattr(limits, "SENT", limits.Limit("form sent", 2, timedelta(hours=1)))
    client = visitor()
    answers = [send(client, "/quote/", {**MARISOL, "zip": "89501"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert "too many forms from your network" in text(answers[-1])
    assert MARISOL["note"] in text(answers[-1])


def test_a_network_that_opens_too_many_forms_is_told_to_wait(site, monkeypatch):
    monkeypatch.setattr(limits, "OPENED", limits.Limit("form opened", 1, timedelta(hours=1)))
    client = visitor()
    assert client.get("/quote/").status_code == 200
    refused = client.get("/quote/")
    assert refused.status_code == 429
    assert refused["Retry-After"]


def test_neighbors_in_one_network_count_together_and_no_address_is_stored(site):
    limit = limits.Limit("test", 2, timedelta(hours=1))
    limits.within(limit, address="192.0.2.7", at_utc=NOON)
    limits.within(limit, address="192.0.2.200", at_utc=NOON)
    limits.within(limit, address="198.51.100.1", at_utc=NOON)
    with pytest.raises(limits.TooMany, match="61 minutes"):
        limits.within(limit, address="192.0.2.9", at_utc=NOON)
    assert all(b"192.0.2" not in bytes(row.digest) for row in RateCount.objects.all())
    limits.within(limit, address="192.0.2.7", at_utc=NOON + timedelta(hours=1))


def test_the_secret_of_the_day_is_destroyed_with_the_day(site):
    limit = limits.Limit("test", 9, timedelta(hours=1))
    limits.within(limit, address="192.0.2.7", at_utc=NOON)
    first = bytes(RateSalt.objects.get().salt)
    limits.within(limit, address="192.0.2.7", at_utc=NOON + timedelta(days=2))
    assert bytes(RateSalt.objects.get().salt) != first
    assert RateCount.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("somewhere", "unknown")],
)
def test_an_address_is_cut_to_its_network(address, network):
    assert limits.network(address) == network


def test_spent_nonces_are_forgotten_once_they_cannot_return(site, time_machine):
    client = visitor()
    send(client, "/quote/", MARISOL)
    assert forget_spent() == 0
    time_machine.move_to(datetime.now(UTC) + timedelta(hours=25))
    assert forget_spent() == 1
    assert not FormNonce.objects.exists()
