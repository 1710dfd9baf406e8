"""Values that nobody else has, kept for Alice: no page of anybody else, no log and no address ever shows one."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from tests.accounts import BOB, account, emails_to, post
from tests.visits import MARISOL, send, signed_in, visitor

from troth.cases.models import Case
from troth.security.models import Role, User
from troth.uses.inquiries.models import Inquiry
from troth.uses.quotes.models import QuoteRequest

CANARIES = {
    "name": "Qvorxa Canary-71f0",
    "email": "qvorxa.71f1@canary-works.example",
    "company": "Canaryworks-71f2",
    "note": "canary-note-71f3",
}
READING = {"do": "contact", "reason": "to answer your request"}
"""How staff read a contact, where their role may."""
SKIPPED = re.compile("sign-out|sessions/end|^/outbox/")
"""After the first two the walk would go on as a visitor; the third is the demo's stand-in for a mail server."""
CONSOLE = "/console/"
PHONE = ("5550171", "555-0171")
SEEN = (*CANARIES.values(), *PHONE, "Qvorxa", "canary-works")

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def alices(run_jobs: Any) -> dict[str, str]:
    """What names something of Alice's in an address: part → value. She asked, bought nothing, and has an account."""
    browser = account({"name": CANARIES["name"], "email": CANARIES["email"]}, run_jobs)
    send(browser, "/quote/", {**MARISOL, **CANARIES, "phone": "(559) 555-0171"})
    send(browser, "/contact/", {key: CANARIES[key] for key in ("name", "email", "note")})
    send(browser, "/privacy/requests/copy/", {key: CANARIES[key] for key in ("name", "email", "note")})
    run_jobs()
    user = User.objects.at(CANARIES["email"])
    assert user
    assert user.person_id
    return {
        "uuid": str(user.person_id),
        "quotes": QuoteRequest.objects.get().number,
        "inquiries": Inquiry.objects.get().number,
        "requests": Case.objects.get(purpose="rights").number,
    }


def addresses(alices: dict[str, str], resolver: Any = None, before: str = "") -> Iterator[str]:
    """Every address of the site; a part that names an object names Alice's, where she has one."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(alices, pattern, path)
        else:
            yield "/" + _filled(path.lstrip("^").rstrip("$"), alices)


def _filled(path: str, alices: dict[str, str]) -> str:
    room = next((name for name in ("quotes", "inquiries", "requests") if f"{name}/" in path), "")
    number = alices.get(room, "1")
    path = re.sub(r"\(\?P<\w+>[^)]*\)", "1", path).replace("\\", "")
    path = re.sub(r"<uuid:\w+>", alices["uuid"], path)
    path = re.sub(r"<int:\w+>", "1", path)
    path = re.sub(r"<copyform:\w+>", "json", path)
    return re.sub(r"<(?:\w+:)?number>", number, path) if "number>" in path else re.sub(r"<(?:\w+:)?\w+>", "none", path)


def shown(client: Client, alices: dict[str, str], beneath: str = "/") -> set[tuple[str, str]]:
    """Address and canary, of each answer in which one stands: page, header or redirect; got, and sent to."""
    found = set()
    there = {each for each in addresses(alices) if each.startswith(beneath) and not SKIPPED.search(each)}
    for address in sorted(there):
        for answer in answers(client, address):
            body = b"".join(answer) if answer.streaming else answer.content
            said = (body.decode("utf-8", "replace") + " ".join(map(str, answer.headers.values()))).lower()
            found |= {(address, canary) for canary in SEEN if canary.lower() in said}
    return found


def answers(client: Client, address: str) -> Iterator[Any]:
    """Got, sent to with nothing, and with what staff send. An address that is closed says so before it reads.

    That it is never got, or never sent to, it says to everybody alike: one walk hears it for all."""
    if ("got", address) not in _NEVER:
        got = client.get(address)
        _never(got, "got", address)
        yield got
    if ("sent to", address) not in _NEVER:
        bare = post(client, address)
        _never(bare, "sent to", address)
        yield bare
        if bare.status_code not in (403, 404, 405):
            yield post(client, address, READING)


_NEVER: set[tuple[str, str]] = set()


def _never(answer: Any, how: str, address: str) -> None:
    if answer.status_code == 405:
        _NEVER.add((how, address))


@pytest.mark.clause("S1")
def test_no_page_of_bob_or_of_a_visitor_shows_a_value_of_alice(alices, run_jobs):
    bob = account(BOB, run_jobs)
    assert shown(bob, alices) == set()
    assert shown(visitor(), alices) == set()


@pytest.mark.clause("S1")
def test_no_page_of_a_role_without_a_purpose_for_her_shows_a_value(alices):
    """Roles in one world, which all see alike: outside the console no page asks for a role, so one walks it for all."""
    for role, beneath in (
        (Role.ADMIN, "/"),
        *((each, CONSOLE) for each in (Role.PRODUCT, Role.MARKETING, Role.AUDITOR)),
    ):
        client = signed_in(f"canary-{role}", role=role, name=f"Staff of {role}")
        assert shown(client, alices, beneath) == set(), role


def test_roles_with_a_purpose_see_her_in_their_own_work_alone(alices):
    """What they may read is listed here: a new place where values show has to be thought about."""
    for role, own in (
        (Role.SUPPORT, {"console/inquiries"}),
        # Work names companies, as its lists do.
        (Role.SALES, {"console/", "console/work", "console/quotes", "console/inquiries"}),
        (Role.PRIVACY, {"console/requests"}),
    ):
        client = signed_in(f"canary-{role}", role=role, name=f"Staff of {role}")
        places = {"/".join(address.split("/")[1:3]) for address, _canary in shown(client, alices, CONSOLE)}
        assert places, role
        assert places <= own, role


class Messages(logging.Handler):
    """Every message logged. pytest's own handler formats each record with its traceback: three quarters of the test's time."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("asyncio"):
            self.lines.append(record.getMessage())


@contextmanager
def logged() -> Iterator[list[str]]:
    """Inside, nothing else handles what is logged: pytest adds its handlers after all fixtures."""
    root, handler = logging.getLogger(), Messages()
    level, others = root.level, root.handlers[:]
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG)
    yield handler.lines
    root.handlers[:] = others
    root.setLevel(level)


@pytest.mark.asvs("V14.2.1")
def test_no_log_and_no_address_holds_a_value(alices, run_jobs):
    with logged() as messages:
        browser = visitor()
        browser.force_login(User.objects.at(CANARIES["email"]), backend="troth.security.entry.ByAddress")
        browser.raise_request_exception = False
        addressed = [
            send(browser, "/contact/", {**{key: CANARIES[key] for key in ("name", "email")}, "note": CANARIES["note"]}),
            post(browser, "/sign-in/", {"address": CANARIES["email"], "password": "wrong"}),
            post(browser, "/sign-in/forgotten/", {"address": CANARIES["email"]}),
            post(browser, "/quote/", {**MARISOL, **CANARIES, "email": CANARIES["email"] + " and more"}),
        ]
        pages = {address for address, _canary in shown(browser, alices)}
        run_jobs()
    lines = "\n".join(messages)
    addresses_seen = " ".join(str(answer.headers.get("Location", "")) for answer in addressed)
    emails = " ".join(re.findall(r"https?://\S+", "".join(str(mail) for mail in emails_to(CANARIES["email"]))))
    assert lines
    assert {"/account/", "/account/profile/", f"/account/data/{alices['uuid']}/"} <= pages, (
        "the walk comes where she stands"
    )
    for canary in SEEN:
        assert canary.lower() not in lines.lower()
        assert canary.lower() not in addresses_seen.lower()
        assert canary.lower() not in emails.lower()
