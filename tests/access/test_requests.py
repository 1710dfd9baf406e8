"""Privacy requests as a person makes and follows them."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from tests.accounts import ALICE, BOB, PASSWORD, account, emails_to
from tests.acting import acting_as
from tests.visits import BROWSER, saved, send, text, visitor
from tests.worlds import known_person

from troth import in_force
from troth.access.requests.telling import describe
from troth.cases import actions as cases
from troth.cases.models import Case
from troth.policy import Policy
from troth.records import ledger
from troth.records.ledger import Chosen
from troth.security.links import Link

REQUEST = {"name": "Alice Ashby", "email": "alice@ashby.example", "note": "All of it, please."}
CANARY = "Canary-7f3a of Ashby"

pytestmark = pytest.mark.usefixtures("site")


def asked(kind: str, run_jobs, values=REQUEST) -> str:
    """The path of the page in the email about the request."""
    sent = send(visitor(), f"/privacy/requests/{kind}/", values)
    assert sent.status_code == 303, text(sent)
    run_jobs()
    body = emails_to(values["email"])[-1].get_body(("plain",)).get_content()
    return f"/case/{body.partition('/case/')[2].split()[0]}"


def press(page: str, do: str, **headers):
    return visitor().post(page, {"do": do}, **(BROWSER | headers))


def proven(kind: str, run_jobs, values=REQUEST) -> str:
    page = asked(kind, run_jobs, values)
    assert press(page, "verify").status_code == 200
    return page


def fetched(page: str, form: str = "json"):
    return visitor().post(f"{page}copy.{form}", **BROWSER)


def test_each_request_says_what_it_does_and_by_when():
    page = text(visitor().get("/privacy/requests/"))
    assert "Delete my data" in page
    assert "we answer by the end of" in page
    assert visitor().get("/privacy/requests/incident/").status_code == 404


@pytest.mark.clause("A4")
def test_a_copy_holds_everything_of_the_proven_address_and_nothing_of_others(run_jobs):
    known_person({"name": "Alice", "email": REQUEST["email"], "company": CANARY}, channel="form.contact")
    known_person({"name": "Bob", "email": "bob@b.example", "company": "Not hers"}, channel="form.contact")

    copy = json.loads(fetched(proven("copy", run_jobs)).content)

    values = {value["value"] for person in copy["people"] for value in person["data"]}
    assert {CANARY, REQUEST["note"]} <= values
    assert "Not hers" not in values
    assert copy["format"] == "troth copy 1"
    case = Case.objects.get(kind="copy")
    assert case.state == Case.ANSWERED
    assert "used" in {entry.kind for entry in ledger.history(case.person_id)}


def test_the_copy_is_a_page_and_a_pdf_as_well(run_jobs):
    page = proven("access", run_jobs)
    assert REQUEST["note"] in text(fetched(page, "page"))
    progress = fetched(page, "pdf").content.decode()
    run_jobs()
    (download,) = {f"{found}download" for found in re.findall(r'action="(/case/files/[^"]+/)"', progress)}
    secret = page.split("/")[-2]
    assert saved(visitor().post(download, {"secret": secret}, **BROWSER)).startswith(b"%PDF")
    assert visitor().post(download, {"secret": "x" * 32}, **BROWSER).status_code == 404
    assert visitor().get(download).status_code == 200, "the plain page: the secret goes in a form"


def test_opening_the_mailed_link_alone_proves_nothing(run_jobs):
    page = asked("copy", run_jobs)
    opened = visitor().get(page)
    assert "Confirm request" in text(opened)
    assert "Waiting for you. Confirm below that the request is yours." in text(opened)
    assert "Open the link in that email" not in text(opened), "this page is what it opened"
    assert fetched(page).status_code == 404
    assert Case.objects.get().state == Case.UNVERIFIED


def test_a_button_on_another_page_proves_nothing(run_jobs):
    page = asked("copy", run_jobs)
    assert (
        press(page, "verify", HTTP_SEC_FETCH_SITE="cross-site", HTTP_ORIGIN="https://evil.example").status_code == 403
    )
    assert Case.objects.get().state == Case.UNVERIFIED


def test_a_known_and_an_unknown_address_see_the_same(run_jobs):
    known_person({"name": "Alice", "email": REQUEST["email"]}, channel="form.contact")
    told = []
    for email in (REQUEST["email"], "nobody@nowhere.example"):
        sent = send(visitor(), "/privacy/requests/copy/", REQUEST | {"email": email})
        run_jobs()
        told.append(lead_of(text(visitor().get(sent["Location"]))))

    assert told[0] == told[1]
    assert "We sent an email to the address" in told[0]


def lead_of(page: str) -> str:
    return page[page.index("We received your request") : page.index("Open the link in that email") + 60]


def test_an_opt_out_of_sale_counts_at_once_and_is_no_newsletter_opt_out(run_jobs):
    asked("opt-out", run_jobs)
    case = Case.objects.get()
    assert (case.state, case.nature) == (Case.ANSWERED, "complied")
    kinds = [entry.kind for entry in ledger.history(case.person_id)]
    assert "signal" in kinds
    assert "chose" not in kinds
    (told,) = emails_to(REQUEST["email"])
    words = told.get_body(("plain",)).get_content()
    assert "We answered your request" in words
    assert "You opted out of the sale and sharing of your data." in words
    assert "working on it" not in words


def test_a_restriction_says_no_to_all_that_may_be_said_no_to(run_jobs):
    proven("restriction", run_jobs)
    case = Case.objects.get()
    assert case.state == Case.ANSWERED
    assert {e.read(Chosen).yes for e in ledger.history(case.person_id) if e.kind == "chose"} == {False}
    assert "We turned off every use you can opt out of." in describe(case).next
    case.answered_by = "staff:rafael"
    assert not describe(case).next, "what staff did is in their own answer"


@pytest.fixture
def european(site: Policy, monkeypatch: pytest.MonkeyPatch) -> Policy:
    """The reference policy, as if it had chosen the GDPR."""
    chosen = replace(site, laws=("california", "gdpr"))
    monkeypatch.setattr(in_force, "policy", lambda: chosen)
    return chosen


def test_an_objection_is_one_button_and_turns_off_marketing_and_legitimate_interests(european, run_jobs):
    alice = account(ALICE, run_jobs)
    offered = text(alice.get("/privacy/requests/"))
    assert "Make it with your reasons" in offered
    assert "what it was used for. We answer right away." in offered
    assert "to keep. If you ask now, we answer by the end of" in offered, "Two of our staff agree to a deletion."
    assert alice.post("/account/requests/ask/objection/", **BROWSER).status_code == 303
    case = Case.objects.get()
    assert (case.kind, case.state, case.nature) == ("objection", Case.ANSWERED, "complied")
    said = [e.read(Chosen) for e in ledger.history(case.person_id) if e.kind == "chose"]
    assert {(choice.question, choice.yes) for choice in said} >= {("marketing", False)}
    assert not any(choice.yes for choice in said)


def test_an_objection_to_what_has_no_choice_is_weighed_by_staff(european, monkeypatch, run_jobs):
    support = replace(european.purposes["support"], basis="legitimate interests")
    chosen = replace(european, purposes={**european.purposes, "support": support})
    monkeypatch.setattr(in_force, "policy", lambda: chosen)
    proven("objection", run_jobs)
    case = Case.objects.get()
    assert case.state == Case.OPEN
    assert "chose" in {e.kind for e in ledger.history(case.person_id)}, "marketing ended meanwhile"
    with acting_as("pia"):
        extended = cases.extend(case.id, why="Three of us must read it.", at_utc=datetime.now(UTC), who="staff:pia")
    assert 85 <= (extended.due_utc - case.received_utc).days <= 91, "three months, or the 90 days of California"


def test_requests_of_the_gdpr_are_due_in_a_month_and_offered_under_it_alone(european, monkeypatch, run_jobs):
    asked("objection", run_jobs)
    case = Case.objects.get()
    assert case.regime == "gdpr"
    assert 28 <= (case.law_utc - case.received_utc).days <= 35, "a month, moved off weekends and holidays"
    assert "Object to a use" in text(visitor().get("/privacy/requests/"))
    monkeypatch.setattr(in_force, "policy", lambda: replace(european, laws=("california",)))
    assert visitor().get("/privacy/requests/objection/").status_code == 404
    assert "Object to a use" not in text(visitor().get("/privacy/requests/"))


def test_an_erasure_says_what_goes_and_what_a_law_keeps_and_waits_for_two(run_jobs):
    page = proven("erasure", run_jobs)
    told = text(visitor().get(page))
    assert "Order. Tax law" in told
    assert Case.objects.get().state == Case.OPEN


@pytest.mark.parametrize("kind", ["correction", "question"])
def test_what_makes_no_sense_without_words_asks_for_them(kind):
    refused = send(visitor(), f"/privacy/requests/{kind}/", REQUEST | {"note": " "})
    assert refused.status_code == 400
    assert text(refused).count({"correction": "Tell us what’s wrong", "question": "Write your question"}[kind]) == 2
    assert not Case.objects.exists()


def test_a_request_can_be_withdrawn_and_then_opens_nothing(run_jobs):
    page = asked("copy", run_jobs)
    press(page, "withdraw")
    press(page, "verify")
    assert Case.objects.get().state == Case.WITHDRAWN
    assert fetched(page).status_code == 404


def test_the_same_asked_again_shows_the_open_request(run_jobs):
    first = proven("erasure", run_jobs)
    second = proven("erasure", run_jobs)
    number = Case.objects.get(state=Case.OPEN).number
    assert number in text(visitor().get(first))
    assert number in text(visitor().get(second))


@pytest.mark.parametrize("path", ["/case/x/", "/case/" + "a" * 32 + "/", "/case/" + "a" * 32 + "/copy.json"])
def test_a_guessed_link_opens_nothing(path):
    method = visitor().post if path.endswith("json") else visitor().get
    assert method(path, **BROWSER).status_code == 404


def test_signed_in_nothing_more_is_proven_and_a_stranger_finds_nothing(run_jobs):
    alice, bob = account(ALICE, run_jobs), account(BOB, run_jobs)
    send(alice, "/privacy/requests/copy/", REQUEST | {"email": ALICE["email"]})
    case = Case.objects.get()
    page = f"/account/requests/{case.number}/"

    assert case.state == Case.ANSWERED
    assert case.number in text(alice.get("/account/requests/"))
    assert alice.post(f"{page}copy.json", **BROWSER).status_code == 200
    assert bob.get(page).status_code == 404
    assert bob.post(f"{page}copy.json", **BROWSER).status_code == 404
    assert visitor().get(page).status_code in (302, 303)


def test_signed_in_a_request_is_one_button_and_its_page_has_the_answer(run_jobs):
    alice = account(ALICE, run_jobs)
    page = alice.get("/privacy/requests/").content.decode()
    assert 'action="/account/requests/ask/copy/"' in page
    assert 'action="/account/requests/ask/question/"' not in page, (
        "What makes no sense without words is asked by a form."
    )
    answer = alice.post("/account/requests/ask/copy/", **BROWSER)
    case = Case.objects.get()
    assert (case.state, case.manner) == (Case.ANSWERED, "account")
    assert "Show my data" in text(alice.get(answer["Location"]))
    run_jobs()
    assert case.number in emails_to(ALICE["email"])[-1].get_body(("plain",)).get_content()
    assert "couldn’t email you" not in text(alice.get(answer["Location"]))

    def click(kind: str) -> None:
        alice.post(f"/account/requests/ask/{kind}/", **BROWSER)
        connection.close()

    with ThreadPoolExecutor(3) as clicks:
        list(clicks.map(click, ["erasure", "erasure", "erasure", "copy", "copy"]))
    waiting = [case.state for case in Case.objects.filter(kind="erasure")]
    assert waiting == [Case.UNVERIFIED], "It waits for her, once."
    assert Case.objects.filter(kind="copy").count() == 1, "It was answered a moment ago."
    assert alice.post("/account/requests/ask/question/", **BROWSER).status_code == 404
    assert 'action="/account/requests/ask/disclosures/"' in alice.get("/california/").content.decode()
    disclosures = alice.post("/account/requests/ask/disclosures/", **BROWSER)["Location"]
    shown = alice.get(disclosures, follow=True)
    assert "None: in" in text(shown)
    assert '<div class="tabs">' in shown.content.decode(), "Among the other pages of the account."
    answer = stale(alice).post("/account/requests/ask/access/", **BROWSER)
    assert answer["Location"].startswith("/account/again/")
    for public in ("/privacy/requests/", "/california/"):
        assert "csrfmiddlewaretoken" not in visitor().get(public).content.decode()


def test_a_signed_in_person_gets_nothing_of_an_address_she_only_typed(run_jobs):
    known_person({"name": "Carol", "email": "carol@c.example", "company": CANARY}, channel="form.contact")
    mallory = account(BOB, run_jobs)
    send(mallory, "/privacy/requests/copy/", REQUEST | {"email": "carol@c.example"})
    case = Case.objects.get()
    run_jobs()
    assert "/case/" not in emails_to("carol@c.example")[-1].get_body(("plain",)).get_content()
    copy = mallory.post(f"/account/requests/{case.number}/copy.json", **BROWSER)
    assert CANARY not in copy.content.decode()


def test_an_ended_case_is_not_changed_by_its_page(run_jobs):
    page = proven("question", run_jobs)
    with acting_as("pia"):
        cases.deny(Case.objects.get().id, basis="Not ours to say.", at_utc=datetime.now(UTC), who="staff:pia")
    press(page, "withdraw")
    assert Case.objects.get().state == Case.DENIED
    assert "Not ours to say." in text(visitor().get(page))


def stale(client):
    """The browser as its owner left it an hour ago."""
    session = client.session
    session["fresh"] = session["fresh"] - 3600
    session.save()
    return client


def again(client, page: str):
    return client.post("/account/again/", {"password": PASSWORD, "next": page}, **BROWSER)


def test_a_browser_left_open_gives_no_copy_before_its_owner_shows_the_password(run_jobs):
    alice = account(ALICE, run_jobs)
    send(alice, "/privacy/requests/copy/", REQUEST | {"email": ALICE["email"]})
    page = f"/account/requests/{Case.objects.get().number}/"
    stale(alice)
    for form in ("json", "pdf", "page"):
        answer = alice.post(f"{page}copy.{form}", **BROWSER)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (303, "/account/again/")
    assert again(alice, page)["Location"] == page
    assert alice.post(f"{page}copy.json", **BROWSER).status_code == 200


@pytest.mark.parametrize("kind", ["access", "copy", "erasure"])
def test_a_browser_left_open_opens_no_such_request(run_jobs, kind):
    alice = stale(account(ALICE, run_jobs))
    for answer in (
        alice.get(f"/privacy/requests/{kind}/", **BROWSER),
        alice.post(f"/privacy/requests/{kind}/", REQUEST, **BROWSER),
    ):
        assert answer["Location"].startswith("/account/again/?next=")
    assert not Case.objects.exists()
    assert alice.get("/privacy/requests/question/", **BROWSER).status_code == 200


def test_signed_in_an_erasure_begins_only_when_she_confirms_what_goes_and_what_stays(run_jobs):
    alice, bob = account(ALICE, run_jobs), account(BOB, run_jobs)
    send(alice, "/privacy/requests/erasure/", REQUEST | {"email": ALICE["email"]})
    case = Case.objects.get()
    page = f"/account/requests/{case.number}/"
    told = text(alice.get(page))
    assert case.state == Case.UNVERIFIED
    assert told.index("Order. Tax law") < told.index("Yes, delete my data") < told.index("Send reply")

    assert bob.post(page, {"do": "verify"}, **BROWSER).status_code == 404
    assert stale(alice).post(page, {"do": "verify"}, **BROWSER)["Location"].startswith("/account/again/")
    assert Case.objects.get().state == Case.UNVERIFIED
    again(alice, page)
    alice.post(page, {"do": "verify"}, **BROWSER)
    assert Case.objects.get().state == Case.OPEN
    assert "Yes, delete my data" not in text(alice.get(page))
    offered = alice.get("/privacy/requests/")
    assert f"Open request {case.number}" in text(offered)
    assert "ask/erasure/" not in offered.content.decode(), "It's asked for already."
    assert "Open request" not in text(bob.get("/privacy/requests/"))


def test_by_mail_an_erasure_is_confirmed_under_what_goes_and_what_stays(run_jobs):
    page = asked("erasure", run_jobs)
    told = text(visitor().get(page))
    assert told.index("What will be deleted") < told.index("Order. Tax law") < told.index("Yes, delete my data")


def test_an_erasure_confirmed_under_a_typed_address_joins_nobody_elses(run_jobs):
    proven("erasure", run_jobs)
    mallory = account(BOB, run_jobs)
    send(mallory, "/privacy/requests/erasure/", REQUEST)
    case = Case.objects.exclude(account=None).get()
    mallory.post(f"/account/requests/{case.number}/", {"do": "verify"}, **BROWSER)
    assert Case.objects.get(pk=case.pk).state == Case.OPEN
    assert "joined" not in Case.objects.get(pk=case.pk).facts


def test_a_request_to_correct_leads_to_the_profile_for_whoever_is_signed_in(run_jobs):
    alice = account(ALICE, run_jobs)
    for page in ("/privacy/requests/correction/", "/california/request/"):
        assert 'name="proof"' in visitor().get(page).content.decode()
        shown = alice.get(page).content.decode()
        assert "you don’t need to verify anything else" in shown
        assert 'name="proof"' not in shown
    send(alice, "/privacy/requests/correction/", REQUEST | {"email": ALICE["email"]})
    page = f"/account/requests/{Case.objects.get().number}/"
    assert 'href="/account/profile/"' in alice.get(page).content.decode()
    mailed = proven("correction", run_jobs, REQUEST | {"email": "carol@c.example"})
    assert "/account/profile/" not in visitor().get(mailed).content.decode()


def test_an_expired_link_is_refused_and_the_page_says_what_to_do(run_jobs):
    page = asked("copy", run_jobs)
    Link.objects.filter(power=Link.CASE).update(expires_utc=datetime.now(UTC) - timedelta(seconds=1))
    for answer in (visitor().get(page), press(page, "verify"), fetched(page)):
        assert answer.status_code == 404
        assert "This link has expired." in text(answer)
        assert "make the request again" in text(answer)
        assert 'href="/privacy/requests/"' in answer.content.decode()
    assert Case.objects.get().state == Case.UNVERIFIED


def test_every_page_leads_to_what_may_be_asked():
    for page in ("/", "/policy", "/products/", "/sign-in/"):
        assert 'href="/privacy/requests/"' in visitor().get(page).content.decode()
