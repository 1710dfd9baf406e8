"""Calls of people who give no email address, interests that lead on, and a case that is closed twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.accounts import emails_to, post
from tests.uses.test_support import ASKED, here, leave, nonce_in, read
from tests.visits import MARISOL, send, signed_in, text, visitor

from troth.outbox import QueuedEmail
from troth.uses.inquiries.models import Inquiry
from troth.uses.quotes.models import QuoteRequest
from troth.uses.support.models import SupportCase

CALLED = {"manner": "phone", "name": "Bea Sorensen", "phone": "559 555 0134", "note": "Two plants."}


def enter(client: Any, page: str, **more: str) -> Any:
    today = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    return post(client, page, CALLED | {"received": today, "nonce": nonce_in(client.get(page))} | more)


def test_someone_who_calls_needs_no_email_address(site, run_jobs):
    ines = signed_in("ines", role="sales", name="Ines Duarte")
    where = {"product": "optipro-discrete", "country": "US", "state": "CA"}
    entered = enter(ines, "/console/quotes/new/", **where)
    assert entered.status_code == 303, text(entered)
    inquiry = enter(ines, "/console/inquiries/new/", product="optipro-discrete")
    assert inquiry.status_code == 303, text(inquiry)
    run_jobs()
    quote, asked = QuoteRequest.objects.get(), Inquiry.objects.get()
    assert (quote.stage, asked.stage) == ("routed", "open")
    assert list(QueuedEmail.objects.values_list("template", flat=True)) == ["quotes/request"]
    assert quote.repeats_id is None
    page = f"/console/quotes/{quote.number}/"
    assert "No email could be sent: receipt of your request" in text(ines.get(page))
    opened = text(post(ines, page, {"do": "contact", "reason": "to call them back"}))
    assert "We can’t email this person, and they have no account. Answer by phone or mail" in opened
    sent = post(ines, page, {"do": "reply", "words": "It runs on two plants."})
    assert ("We can’t email this person" in text(sent), quote.messages.count()) == (True, 1)
    assert "phone number" in text(enter(ines, "/console/quotes/new/", phone="", **where))


def test_a_registered_interest_leads_to_what_was_asked_for(site, run_jobs):
    said = {"name": "Ada Okafor", "company": "Okafor Foods", "country": "US", "state": "CA", "email": MARISOL["email"]}
    sent = send(visitor(), "/register/", said | {"product": "optipro-process"})
    assert sent.status_code == 303, text(sent)
    page = visitor().get(sent["Location"]).content.decode()
    assert 'href="/products/optipro-process/"' in page
    assert 'href="/newsletters/"' in page


def test_a_case_that_is_closed_again_is_said_again_and_its_products_stand_beside_it(site, run_jobs):
    send(visitor(), "/support/", ASKED)
    run_jobs()
    case, yusuf = SupportCase.objects.get(), signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    send(visitor(), "/support/", ASKED | {"product": "optipro-discrete", "installation": "11.0"})
    send(visitor(), "/support/", ASKED | {"email": "pavel@halden-valve-works.example", "installation": "10.9"})
    assert "Products and installations" not in text(yusuf.get(here(case)))
    owned = text(read(yusuf, case)).partition("Products and installations ")[2].partition("What the person sent")[0]
    assert owned.startswith("OptiPro Discrete 11.0")
    assert "OptiPro Process 12.3.4" in owned
    assert "10.9" not in owned, "What someone else has is not theirs."
    enter(yusuf, "/console/support/new/", product="optipro-discrete", country="US", state="CA")
    several = text(post(yusuf, "/console/support/bulk/", {"do": "answer", "all": "yes"}))
    assert "3 requests: This closes the request, and we email the person" in several
    assert "1 request: This closes the request. No email goes out" in several
    for closed in (1, 2):
        assert post(yusuf, here(case), {"do": "answer", "sure": "yes"}).status_code == 303
        leave(run_jobs)
        assert len([mail for mail in emails_to(ASKED["email"]) if "closed" in mail["Subject"]]) == closed
        assert text(yusuf.get(here(case))).count("We sent an email to the person.") == closed + 1
        post(yusuf, here(case), {"do": "reopen"})
