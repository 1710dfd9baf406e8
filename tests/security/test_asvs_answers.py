"""What every answer keeps to, at every address of the site, whoever asks and whatever goes wrong."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from tests.accounts import post
from tests.security.everything import SEEN, Everything, again, body_of, cookie_of, everything, member
from tests.visits import BROWSER, visitor

from troth.web import context

pytestmark = pytest.mark.django_db(transaction=True)

BEGINS = {
    "text/html": b"<!doctype html>",
    "application/pdf": b"%PDF-",
    "text/css": b":root",
    "image/svg+xml": b"<svg",
    "text/javascript": b"//",
    "font/woff2": b"wOF2",
}
STATIC = ("troth/passkeys.js", "troth/css/page.css", "troth/seal.svg", "troth/fonts/inter-latin-wght-normal.woff2")
ENDS_THE_WALK = re.compile("sign-out|sessions/end")


@dataclass(frozen=True)
class Answer:
    """What came back, to whom, for what."""

    who: str
    what: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    session: str

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@pytest.fixture
def world(site: Any, run_jobs: Any) -> Everything:
    return everything(run_jobs)


@pytest.fixture
def answers(request: pytest.FixtureRequest) -> list[Answer]:
    """Of every address, to a visitor, to Alice, and of the console to staff. The walk is long, and made once."""
    if not _walked:
        world = request.getfixturevalue("world")
        _walked.extend(_walk("visitor", visitor(), world.addresses.values()))
        _walked.extend(_walk("alice", again(world.user), world.addresses.values()))
        console = [address for address in world.addresses.values() if address.startswith("/console/")]
        for role in ("sales", "privacy"):
            _walked.extend(_walk(role, member(role), console))
    return _walked


_walked: list[Answer] = []


def _walk(who: str, browser: Client, addresses: Iterable[str]) -> Iterator[Answer]:
    browser.raise_request_exception = False
    session = cookie_of(browser)
    for what, answer in _asked(browser, addresses):
        yield Answer(who, what, answer.status_code, dict(answer.headers), body_of(answer), session)


def _asked(browser: Client, addresses: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Each address got, and sent to; then what is no page at all."""
    for address in addresses:
        if not ENDS_THE_WALK.search(address):
            yield f"GET {address}", browser.get(address, **BROWSER)
            yield f"POST {address}", post(browser, address)
    yield "GET /nothing-here", browser.get("/nothing-here")
    yield "GET bad host", browser.get("/", headers={"host": "evil.example"})
    for name in STATIC:
        yield f"GET /static/{name}", browser.get(f"/static/{name}")
    yield "GET nothing static", browser.get("/static/troth/nothing.css")


@pytest.mark.asvs("V3.4.2")
@pytest.mark.asvs("V4.1.1")
def test_every_answer_names_what_it_is_and_lets_no_other_site_read_it(answers: list[Answer]) -> None:
    kinds = {answer.headers.get("Content-Type", "").partition(";")[0] for answer in answers}
    assert {"text/html", "text/css", "text/csv", "application/json", "application/ld+json", "text/plain"} <= kinds
    assert [(answer.who, answer.what, problem) for answer in answers if (problem := _untrue(answer))] == []


def _untrue(answer: Answer) -> str:
    """Why the answer is not what it says it is; empty if all is well."""
    kind, body = answer.headers.get("Content-Type", ""), answer.body
    main = kind.partition(";")[0]
    if any(name.lower().startswith("access-control-") for name in answer.headers):
        return "speaks to other sites"
    if not body:
        return ""
    if not main or (re.match(r"text/|.*\+?xml$", main) and "charset=utf-8" not in kind.replace('"', "")):
        return f"type {kind!r}"
    return "" if _is(main, body) else f"no {main}: {body[:40]!r}"


def _is(main: str, body: bytes) -> bool:
    if main.endswith("json"):
        json.loads(body)
        return True
    begins = BEGINS.get(main)
    text = body.lstrip().lower()
    return (text.startswith(begins.lower()) or main == "text/css") if begins else not text.startswith(b"<!doctype")


@pytest.mark.asvs("V3.4.3")
@pytest.mark.asvs("V3.4.4")
@pytest.mark.asvs("V3.4.5")
@pytest.mark.asvs("V3.4.6")
@pytest.mark.asvs("V3.4.8")
def test_every_answer_tells_the_browser_to_be_strict(answers: list[Answer]) -> None:
    assert [(answer.who, answer.what) for answer in answers if not _strict(answer.headers)] == []


def _strict(headers: Mapping[str, str]) -> bool:
    policy = headers.get("Content-Security-Policy", "")
    return (
        headers.get("X-Content-Type-Options") == "nosniff"
        and headers.get("Referrer-Policy") in ("same-origin", "strict-origin")  # strict where a secret is in the path
        and headers.get("Cross-Origin-Opener-Policy") == "same-origin"
        and "default-src 'none'" in policy
        and "unsafe" not in policy
        and "frame-ancestors 'none'" in policy
        and "base-uri 'none'" in policy
    )


@pytest.mark.asvs("V3.4.4")
@pytest.mark.asvs("V16.5.1")
def test_an_answer_is_strict_even_when_the_site_cannot_be_read_at_all(site: Any, monkeypatch: Any) -> None:
    def away() -> None:
        raise AttributeError("no site folder, said by secret-of-the-trace")

    monkeypatch.setattr(context, "site", away)
    browser = visitor()
    browser.raise_request_exception = False
    answer = browser.get("/")
    assert answer.status_code == 500
    assert _strict(answer.headers)
    assert b"secret-of-the-trace" not in answer.content


SHOW_NOBODY = {
    "/policy.md",
    "/policy.jsonld",
    "/policy/1.md",
    "/brand.css",
    "/robots.txt",
    "/healthz",
    "/readyz",
    "/.well-known/gpc.json",
    "/.well-known/security.txt",
}
"""What is the same for everybody and asks nobody who it is."""


@pytest.mark.asvs("V14.3.2")
def test_no_page_of_somebody_who_is_signed_in_may_be_kept(answers: list[Answer]) -> None:
    hers = [each for each in answers if each.session and not re.search("/static/|bad host", each.what)]
    kept = {each.what.partition(" ")[2] for each in hers if "no-store" not in each.headers["Cache-Control"]}
    assert {each.who for each in hers} == {"alice", "sales", "privacy"}
    assert kept <= SHOW_NOBODY


PUBLIC_FILES = (
    "/policy",
    "/newsletters/feed.atom",
    "/robots.txt",
    "/healthz",
    "/.well-known/",
    "/brand.css",
    "/static/",
    "/drp/openapi.json",
    "/account/passkey",
    "/sign-in/passkey",
    "troth/",
    "nothing static",
)


@pytest.mark.asvs("V3.2.1")
def test_what_is_no_page_is_saved_and_never_shown(answers: list[Answer]) -> None:
    """Copies, receipts and lists are attachments; what opens without a name on it is public, or read by our script."""
    files = [each for each in answers if each.body and not each.headers["Content-Type"].startswith("text/html")]
    saved = [each for each in files if each.headers.get("Content-Disposition", "").startswith("attachment")]
    shown = [each.what for each in files if each not in saved and each.status < 300]
    assert [what for what in shown if not any(start in what for start in PUBLIC_FILES)] == []
    assert {each.headers["Content-Type"].partition(";")[0] for each in saved} >= {"application/json", "text/csv"}


@pytest.mark.asvs("V3.2.1")
def test_the_page_of_an_email_is_shut_in_a_sandbox(answers: list[Answer]) -> None:
    (email, *_same) = [each for each in answers if re.fullmatch(r"GET /outbox/[\w-]+/email.html", each.what)]
    policy = email.headers["Content-Security-Policy"]
    assert re.search(r"(^|; ?)sandbox(;|$)", policy)
    assert "default-src 'none'" in policy


@pytest.mark.asvs("V14.2.1")
def test_no_address_on_any_page_holds_what_somebody_said_or_her_session(answers: list[Answer]) -> None:
    wrong = [
        (answer.who, answer.what, address)
        for answer in answers
        for address in [*re.findall(r'(?:href|action|src)="([^"]*)"', answer.text), answer.headers.get("Location", "")]
        # An email link goes to a mail program, not into the address of a request.
        if not address.startswith("mailto:") and any(secret in address for secret in (*SEEN, answer.session) if secret)
    ]
    assert wrong == []


HISTORY = ("section", "what", "request", "from", "to", "routine", "page")
"""What narrows a history: a heading of the policy, a kind of data, one of the requests, days."""


@pytest.mark.asvs("V14.2.1")
def test_a_form_that_puts_its_fields_into_the_address_asks_for_nothing_personal(answers: list[Answer]) -> None:
    forms = [form for answer in answers for form in re.findall(r"<form[^>]*>.*?</form>", answer.text, re.DOTALL)]
    asked = {name for form in forms if 'method="post"' not in form for name in re.findall(r'name="(\w+)"', form)}
    assert asked == {
        "q",
        "line",
        "kind",
        "state",
        "who",
        "sort",
        "fault",
        "age",
        "lane",
        "why",
        *HISTORY,
    }
