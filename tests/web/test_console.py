"""The staff console: lists without a sealed value, and reading as a step of its own."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from tests.visits import BROWSER, MARISOL, PASSWORD, SITE, send, signed_in, staff, text, visitor

from troth.cases.models import Case
from troth.outbox import QueuedEmail
from troth.records import ledger
from troth.security import links
from troth.uses.inquiries.models import Inquiry
from troth.uses.quotes.models import QuoteRequest

PAGES = ["/console/", "/console/quotes/", "/console/quotes/requests.csv", "/console/inquiries/", "/console/policy"]


@pytest.fixture
def quote(site, run_jobs) -> QuoteRequest:
    """Marisol's request, routed."""
    assert send(visitor(), "/quote/", MARISOL).status_code == 303
    run_jobs()
    return QuoteRequest.objects.get()


def no_value_in(page: str) -> bool:
    return not any(MARISOL[kind] in page for kind in ("name", "email", "note")) and "5595550134" not in page


def test_strangers_are_sent_to_sign_in(quote):
    for address in (*PAGES, f"/console/quotes/{quote.number}/"):
        answer = visitor().get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/console/sign-in?next=%2Fconsole%2F"), address


def test_a_stranger_who_posts_reads_nothing(quote):
    before = len(ledger.history(quote.person_id))
    answer = visitor().post(
        f"/console/quotes/{quote.number}/", {"do": "contact", "reason": "to answer your request"}, **BROWSER
    )
    assert answer.status_code in (302, 403)
    assert len(ledger.history(quote.person_id)) == before


def test_staff_sign_in_by_password_and_come_where_they_wanted(site):
    staff()
    client = visitor()
    assert not client.get("/console/sign-in?next=/console/quotes/").cookies
    form = {"username": "ines", "password": PASSWORD, "next": "/console/quotes/"}
    answer = client.post("/console/sign-in", form, **BROWSER)
    assert (answer.status_code, answer["Location"]) == (303, "/console/quotes/")
    assert "Ines Moreau Sales" in text(client.get("/console/"))
    client.post("/console/sign-out", **BROWSER)
    assert client.get("/console/").status_code == 302


@pytest.mark.asvs("V6.3.8")
@pytest.mark.parametrize(("username", "password"), [("ines", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_sign_in_does_not_say_what_was_wrong(site, username, password):
    staff()
    answer = visitor().post("/console/sign-in", {"username": username, "password": password}, **BROWSER)
    assert answer.status_code == 400
    assert "don’t match" in text(answer)


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/console/", "//evil.example", "/quote/", "javascript:alert(1)"]
)
def test_sign_in_leads_to_the_console_only(site, wanted):
    staff()
    answer = visitor().post("/console/sign-in", {"username": "ines", "password": PASSWORD, "next": wanted}, **BROWSER)
    assert answer["Location"] == "/console/"


def test_sign_in_from_another_page_is_refused(site):
    staff()
    form = {"username": "ines", "password": PASSWORD}
    assert visitor().post("/console/sign-in", form, HTTP_ORIGIN="https://evil.example").status_code == 403


def test_no_page_shows_who_asked(quote):
    client = signed_in()
    for address in PAGES:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert no_value_in(answer.content.decode()), address


def test_the_list_shows_state_recipient_rule_and_age(quote):
    page = text(signed_in().get("/console/quotes/"))
    for words in (
        quote.number,
        "received today",
        "OptiPro Process, 40 users, California",
        quote.recipient_name,
        quote.rule_title,
        " business day",
    ):
        assert words in page
    assert f"rule {quote.rule_number} of {quote.rules}" in page


def test_reading_the_contact_is_one_entry_in_her_history_and_open_in_one_session_while_it_lasts(quote):
    client = signed_in()
    address = f"/console/quotes/{quote.number}/"
    assert no_value_in(text(client.get(address)))
    page = text(client.post(address, {"do": "contact", "reason": "to answer your request"}, **BROWSER))
    assert MARISOL["email"] in page
    assert MARISOL["note"] in page
    newest = ledger.history(quote.person_id)[0]
    assert (newest.kind, newest.who, newest.purpose) == ("used", "staff:ines", "quotes")
    before = len(ledger.history(quote.person_id))
    assert MARISOL["note"] in text(client.get(address))
    assert len(ledger.history(quote.person_id)) == before
    assert no_value_in(text(signed_in("marcus", name="Marcus Hale").get(address)))


@pytest.mark.asvs("V8.3.1")
def test_a_role_that_the_policy_does_not_name_reads_nothing(quote):
    before = len(ledger.history(quote.person_id))
    client = signed_in("thomas", role="auditor", name="Thomas Greaves")
    answer = client.post(
        f"/console/quotes/{quote.number}/", {"do": "contact", "reason": "to answer your request"}, **BROWSER
    )
    assert answer.status_code == 403
    assert "The policy gives your role no one’s data" in text(client.get("/console/"))
    assert "doesn’t name your role as a recipient" in text(answer)
    assert no_value_in(text(answer))
    assert len(ledger.history(quote.person_id)) == before


def test_a_staff_form_is_bound_to_the_session(quote):
    from django.test import Client

    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    client.force_login(staff())
    before = len(ledger.history(quote.person_id))
    answer = client.post(
        f"/console/quotes/{quote.number}/", {"do": "contact", "reason": "to answer your request"}, **BROWSER
    )
    assert answer.status_code == 403
    assert len(ledger.history(quote.person_id)) == before


def test_the_search_finds_only_what_is_exact(quote):
    client = signed_in()
    for sought, found in (
        (quote.number, True),
        (MARISOL["email"], True),
        ("halden-valve-works.example", True),
        ("marisol.vance", False),
        ("marisol.vance@halden", False),
        ("Vance", False),
        ("\N{GRINNING FACE}" * 99 + ".", False),
        (".", False),
    ):
        page = text(client.post("/console/quotes/", {"q": sought}, **BROWSER, follow=True))
        assert (quote.number in page) == found, sought
        assert ("No quote requests" in page) != found, sought


def test_an_address_that_is_sought_stands_in_no_url_and_is_kept_with_the_other_filters(quote):
    client = signed_in()
    asked = {"q": MARISOL["email"].upper(), "state": "routed"}
    shown = client.post("/console/quotes/", asked, **BROWSER)
    assert shown.status_code == 303
    assert "halden" not in shown.headers["Location"].lower()
    page = client.get(shown.headers["Location"]).content.decode()
    assert quote.number in page
    (kept,) = re.findall(r'name="address" value="(\w+)" checked', page)
    assert client.post("/console/quotes/", {"address": kept}, **BROWSER).headers["Location"].endswith(kept)
    assert quote.number not in text(client.get("/console/quotes/", {"address": "no-digits"}))
    assert quote.number not in text(client.get("/console/quotes/", {"q": MARISOL["email"]}))


def test_filters_narrow_the_list_and_the_csv(quote):
    client = signed_in()
    assert quote.number in text(client.get("/console/quotes/", {"state": "routed", "recipient": quote.recipient}))
    assert quote.number not in text(client.get("/console/quotes/", {"alarm": "1"}))
    assert len(client.get("/console/quotes/requests.csv", {"state": "queued"}).content.splitlines()) == 1
    lines = client.get("/console/quotes/requests.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith(
        "Number,Received (Los Angeles time),Due (Los Angeles time),Answered (Los Angeles time),Assigned to,State,Need,Product"
    )
    assert lines[1].startswith(f"{quote.number},")
    assert lines[1].split(",")[5:9] == ["With a recipient", "A quote", "OptiPro Process", ""]


def test_opening_a_request_keeps_the_filter(quote):
    client = signed_in()
    listed = client.get("/console/quotes/", {"state": "routed"}).content.decode()
    assert f'href="/console/quotes/{quote.number}/?state=routed"' in listed
    answer = client.post(f"/console/quotes/{quote.number}/?state=routed", {"do": "answer", "sure": "yes"}, **BROWSER)
    assert "?state=routed&done=" in answer["Location"]


def test_an_alarm_stands_on_the_first_page(site, run_jobs):
    send(visitor(), "/quote/", {**MARISOL, "zip": "00000"})
    run_jobs()
    page = text(signed_in().get("/console/"))
    assert "Needs a decision" in page
    assert "We don’t recognize the ZIP code 00000." in page


def test_a_repeated_request_warns_and_names_the_first(quote, run_jobs):
    send(visitor(), "/quote/", MARISOL)
    run_jobs()
    second = QuoteRequest.objects.exclude(pk=quote.pk).get()
    page = text(signed_in().get(f"/console/quotes/{second.number}/"))
    assert "same address has asked before" in page
    assert re.search(rf"Asked before {quote.number}", page)


def test_answering_closes_the_request(quote):
    client = signed_in()
    client.post(f"/console/quotes/{quote.number}/", {"do": "answer", "sure": "yes"}, **BROWSER)
    quote.refresh_from_db()
    assert quote.stage == "answered"
    assert "Nothing is due" in text(client.get("/console/"))


ASSIGN = {"do": "pass-on", "sure": "yes", "to": "henry-osei", "words": "Knows their plant since 2019."}


def test_sales_gives_a_request_to_somebody_else_and_she_sees_it(quote, run_jobs):
    former, client, address = quote.recipient_name, signed_in(), f"/console/quotes/{quote.number}/"
    assert client.post(address, ASSIGN, **BROWSER).status_code == 303
    run_jobs()
    quote.refresh_from_db()
    assert (quote.stage, quote.recipient, quote.rule) == ("routed", "henry-osei", "assigned")
    newest, first = [entry for entry in ledger.history(quote.person_id) if entry.kind == "disclosed"]
    assert (newest.recipient, newest.who) == ("staff.sales:henry-osei", "staff:ines")
    assert newest.reason == "assigned?name=Ines+Moreau"
    assert first.recipient_name == former
    assert QueuedEmail.objects.filter(template="quotes/request", to="staff.sales:henry-osei", state="sent").exists()
    page = text(client.get(address))
    assert "Ines Moreau chose who answers: Knows their plant since 2019." in page
    assert f"Given to {former}" in page
    mailed = links.address(links.Link.objects.get(power="full"))
    hers = text(visitor().post(mailed, **BROWSER))
    assert "Henry Osei, OptiProERP received the" in hers
    assert "Ines Moreau, one of our staff, chose who answers." in hers
    receipt = text(visitor().get(links.address(links.Link.objects.get(power="masked"), "receipt")))
    assert "Your request is with Henry Osei" in receipt
    assert "One of our staff chose who answers." in receipt
    assert not any("Knows their plant" in page for page in (hers, receipt))


def test_what_cannot_be_assigned_is_said_and_given_to_nobody(quote):
    client, before = signed_in(), len(ledger.history(quote.person_id))
    for changed, sentence in (
        ({"words": " "}, "Give a reason of up to 200 characters."),
        ({"words": "x" * 201}, "Give a reason of up to 200 characters."),
        ({"to": "nobody"}, "Choose someone from the list."),
        ({"to": "fallback"}, "Choose someone from the list."),
        ({"to": "calder-systems"}, "Choose someone from the list."),
    ):
        answer = client.post(f"/console/quotes/{quote.number}/", {**ASSIGN, **changed}, **BROWSER)
        assert answer.status_code == 400, changed
        assert sentence in text(answer), changed
    assert len(ledger.history(quote.person_id)) == before


def test_a_role_that_decides_nothing_gives_a_request_to_nobody(quote):
    client, address = signed_in("thomas", role="auditor", name="Thomas Greaves"), f"/console/quotes/{quote.number}/"
    before = len(ledger.history(quote.person_id))
    assert "Pass on to someone else" not in text(client.get(address))
    assert client.post(address, ASSIGN, **BROWSER).status_code == 403
    assert len(ledger.history(quote.person_id)) == before


def test_the_chart_and_its_table_say_the_same(quote):
    page = signed_in().get("/console/").content.decode()
    assert 'class="chart"' in page
    assert "under 1" in text(signed_in().get("/console/"))
    assert "1 open" in text(signed_in().get("/console/"))


def test_requests_with_a_laws_clock_have_a_chart_by_age_of_their_own(quote):
    values = {"name": "Bob", "email": "bob@northgate.example", "note": "Why?"}
    send(visitor(), "/privacy/requests/question/", values)
    cases = Case.objects.using("owner").exclude(law_utc=None)
    cases.update(state="open", received_utc=datetime.now(UTC) - timedelta(days=33), due_utc=datetime.now(UTC))
    page = text(signed_in("vera", role="privacy", name="Vera Lindqvist").get("/console/"))
    assert "Open requests by age 1 open" in page
    assert "10–19 0 0 20–29 0 0 30–39 1 1 40–49 0 0 50 or more 0 0" in page
    assert "Open privacy requests by age" not in page
    assert "30–39" not in text(signed_in().get("/console/"))


def test_work_counts_by_state_what_is_open_and_what_ended_lately(quote):
    client, counted = signed_in(), "Open, or closed in the last 90 days"
    client.post(f"/console/quotes/{quote.number}/", {"do": "answer", "sure": "yes"}, **BROWSER)
    assert f"{counted} 1" in text(client.get("/console/"))
    Case.objects.using("owner").filter(pk=quote.pk).update(answered_utc=datetime.now(UTC) - timedelta(days=91))
    assert f"{counted} 0" in text(client.get("/console/"))


def test_support_reads_an_inquiry_by_the_same_step(site, run_jobs):
    send(visitor(), "/contact/", {"name": "Bob Ferreira", "email": "bob@northgate.example", "note": "Two plants?"})
    run_jobs()
    inquiry = Inquiry.objects.get()
    client = signed_in("yusuf", role="support", name="Yusuf Adeyemi")
    address = f"/console/inquiries/{inquiry.number}/"
    assert "Two plants?" not in text(client.get(address))
    assert "Two plants?" in text(client.post(address, {"do": "contact", "reason": "to answer your request"}, **BROWSER))
    assert ledger.history(inquiry.person_id)[0].who == "staff:yusuf"
    client.post(address, {"do": "answer", "sure": "yes"}, **BROWSER)
    inquiry.refresh_from_db()
    assert inquiry.stage == "answered"


def test_an_edited_policy_is_shown_with_its_findings(site, tmp_path, settings):
    client = signed_in()
    assert "is identical to the adopted version" in text(client.get("/console/policy"))
    settings.TROTH_SITE = tmp_path
    assert "has no policy.md" in text(client.get("/console/policy"))
    draft = (SITE / "policy.md").read_text(encoding="utf-8")
    (tmp_path / "policy.md").write_text(
        draft.replace("needs: [name, email, company, country, need]", "needs: [horoscope]")
    )
    page = text(client.get("/console/policy"))
    assert "can’t be adopted" in page
    assert "The site continues with version 1" in page
    assert "horoscope" in page
