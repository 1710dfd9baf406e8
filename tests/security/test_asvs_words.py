"""What people type is shown as they typed it, on every page and in every email: never as HTML, script or query."""

import re
from email import message_from_bytes
from email.policy import default
from html import unescape
from typing import Any

import pytest
from tests.accounts import account, post
from tests.visits import BROWSER, MARISOL, send, signed_in, staff, text, visitor

from troth.outbox import transport
from troth.security.models import User
from troth.uses.inquiries.models import Inquiry
from troth.uses.quotes.models import QuoteRequest

MARKUP = '<img src=x onerror="alert(1)">{{ 70000000|add:123 }}'
QUERIES = "'; drop table quote_request; -- $1 %s {} \\"
VERA = {"name": f"Vera {MARKUP}", "email": "vera@halden-valve-works.example"}
SAID = {**MARISOL, **VERA, "company": f"Halden {MARKUP}", "note": f"{MARKUP} {QUERIES}"}
REASON = {"do": "contact", "reason": f"to answer {MARKUP}"}


@pytest.fixture
def pages(site: Any, run_jobs: Any) -> dict[str, str]:
    """Every page on which her words stand."""
    vera = account(VERA, run_jobs)
    sent = send(vera, "/quote/", SAID)
    send(vera, "/contact/", {**VERA, "note": SAID["note"]})
    post(vera, "/organization/", {"do": "found", "name": SAID["company"]})
    run_jobs()
    sales, person = signed_in(), User.objects.get(role="").person_id
    seen = {
        "refused form": send(visitor(), "/quote/", {**SAID, "zip": "89501"}),
        "console quote": sales.post(f"/console/quotes/{QuoteRequest.objects.get().number}/", REASON, **BROWSER),
        "console inquiry": sales.post(f"/console/inquiries/{Inquiry.objects.get().number}/", REASON, **BROWSER),
        "receipt": vera.get(sent["Location"]),
        "account": vera.get("/account/"),
        "profile": vera.get("/account/profile/"),
        "history": vera.get(f"/account/data/{person}/"),
        "organization": vera.get("/organization/"),
        "emails": visitor().get("/outbox/"),
    }
    for file in transport.folder().glob("*.eml"):
        seen[f"email {file.stem}"] = visitor().get(f"/outbox/{file.stem}/email.html")
        seen[f"email as text {file.stem}"] = visitor().get(f"/outbox/{file.stem}/")
    return {name: answer.content.decode() for name, answer in seen.items()}


@pytest.mark.asvs("V1.2.1")
@pytest.mark.asvs("V1.3.1")
@pytest.mark.asvs("V1.3.7")
def test_markup_and_templates_that_somebody_typed_are_words_on_every_page_and_in_every_email(
    pages: dict[str, str],
) -> None:
    assert [name for name, page in pages.items() if "<img src=x" in page or 'onerror="alert' in page] == []
    assert [name for name, page in pages.items() if "70000123" in page] == []
    shown = {name.partition(" ")[0] for name, page in pages.items() if MARKUP in unescape(re.sub(r"<[^>]+>", "", page))}
    assert {"refused", "console", "profile", "organization", "email"} <= shown


@pytest.mark.asvs("V1.2.4")
def test_a_query_that_somebody_typed_is_kept_and_found_as_words(pages: dict[str, str]) -> None:
    assert QuoteRequest.objects.count() == 1
    assert QUERIES in unescape(pages["console quote"])
    staff()
    for form in ({"username": "ines' or '1'='1", "password": "x"}, {"username": "ines'--", "password": "' or true --"}):
        assert visitor().post("/console/sign-in", form, **BROWSER).status_code == 400
    for name in ("q", "recipient", "address"):
        found = text(signed_in().get("/console/quotes/", {name: "' or 1=1 --"}))
        assert QuoteRequest.objects.get().number not in found, name


@pytest.mark.asvs("V1.2.2")
def test_what_was_asked_for_stays_one_part_of_an_address_and_begins_no_other(site: Any) -> None:
    asked = 'a&state=routed#"><script>alert(1)</script>'
    page = signed_in().get("/console/quotes/", {"q": asked}).content.decode()
    (link,) = re.findall(r'href="(/console/quotes/requests\.csv\?[^"]*)"', page)
    assert (
        link == "/console/quotes/requests.csv?q=a%26state%3Drouted%23%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E&amp;"
    )
    asked_again = visitor().get("/account/data/", {"x": "a&next=//evil.example"}).headers["Location"]
    assert asked_again == "/sign-in/?next=%2Faccount%2Fdata%2F%3Fx%3Da%2526next%253D%252F%252Fevil.example"


@pytest.mark.asvs("V1.2.2")
@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"])
def test_an_email_links_to_nothing_but_pages_and_addresses_of_mail(site: Any, run_jobs: Any, link: str) -> None:
    send(visitor(), "/quote/", {**MARISOL, "note": f"See {link} please"})
    run_jobs()
    files = list(transport.folder().glob("*.eml"))
    assert files
    for file in files:
        page = visitor().get(f"/outbox/{file.stem}/").content.decode()
        assert f'href="{link.partition(":")[0]}:' not in page


@pytest.mark.asvs("V1.3.11")
def test_line_breaks_make_no_header_and_one_email_has_one_recipient(site: Any, run_jobs: Any) -> None:
    for name in ("Vera\r\nBcc: all@elsewhere.example", "Vera\nSubject: mine"):
        assert send(visitor(), "/quote/", {**MARISOL, "name": name}).status_code == 400
    send(visitor(), "/quote/", {**MARISOL, "note": "Two lines\r\nBcc: all@elsewhere.example\r\n\r\nSubject: mine"})
    run_jobs()
    mails = [message_from_bytes(file.read_bytes(), policy=default) for file in transport.folder().glob("*.eml")]
    assert mails
    for mail in mails:
        assert mail["Bcc"] is None
        assert (len(mail.get_all("Subject")), len(mail["To"].addresses)) == (1, 1)
