"""Every address of the site, with something of Alice's wherever an address names one, for tests that walk them all."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from tests.access.hers import link_of
from tests.accounts import post
from tests.visits import MARISOL, send, signed_in, visitor

from troth.cases.models import Case
from troth.gate import new_id
from troth.outbox import transport
from troth.security import links, proofs
from troth.security.entry import BACKEND
from troth.security.factors.models import Passkey
from troth.security.models import User
from troth.uses.inquiries.models import Inquiry
from troth.uses.quotes.models import QuoteRequest

ALICE = {"name": "Qvorxa Canary-81f0", "email": "qvorxa.81f1@canary-works.example"}
QUOTE = {**MARISOL, **ALICE, "company": "Canaryworks-81f2", "note": "canary-note-81f3", "phone": "(559) 555-0171"}
SEEN = ("Qvorxa", "qvorxa", "canary", "Canary", "5550171", "555-0171")
"""What an address, a log or somebody else's page would show of her."""


@dataclass(frozen=True)
class Everything:
    """Alice's browser, and every address with what is hers in it; route → address."""

    alice: Client
    user: User
    addresses: dict[str, str]


def everything(run_jobs: Callable[[], None]) -> Everything:
    from tests.accounts import account

    alice = account(ALICE, run_jobs)
    send(alice, "/quote/", QUOTE)
    send(alice, "/contact/", {**ALICE, "note": QUOTE["note"]})
    send(alice, "/privacy/requests/copy/", {**ALICE, "note": QUOTE["note"]})
    post(alice, "/account/address/", {"address": "alice@new-place.example"})
    run_jobs()
    user = User.objects.get(role="")
    return Everything(alice, user, {route: _filled(route, user) for route in routes()})


def routes(resolver: Any = None, before: str = "") -> Iterator[str]:
    """Every route of the site as it is written."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, path)
        else:
            yield path


def member(role: str) -> Client:
    return signed_in(f"walks-{role}", role=role, name=f"Staff of {role}")


def again(user: User) -> Client:
    """Another browser in which she is signed in."""
    browser = visitor()
    browser.force_login(user, backend=BACKEND)
    return browser


def body_of(answer: Any) -> bytes:
    return b"".join(answer) if answer.streaming else bytes(answer.content)


_POWERS = {
    "receipt/": links.Link.MASKED,
    "history/": links.Link.FULL,
    "preferences/": links.Link.CHOICES,
    "accept/": links.Link.CHOICES,
    "decline/": links.Link.CHOICES,
    "unsubscribe/": links.Link.UNSUBSCRIBE,
    "profile/": links.Link.FULL,
    "case/": links.Link.CASE,
    "conversation/": links.Link.CASE,
    "california/answer/": links.Link.CASE,
}
_PROOFS = {
    "account/confirm/": proofs.CONFIRM,
    "account/reset/": proofs.RESET,
    "account/address/": proofs.ADDRESS,
    "newsletters/confirm/": proofs.NEWSLETTER,
}


def _filled(route: str, user: User) -> str:
    path = re.sub(r"\(\?P<\w+>[^)]*\)", "1", route).replace("\\", "").lstrip("^").rstrip("$")
    values = {
        "slug": "optipro-process",
        "kind": "copy",
        "form": "json",
        "version": "1",
        "edition": "1",
        "place": "1",
        "language": "en",
        "agent": "x",
    }
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: values.get(part[1]) or _named(part[1], path, user), path)


def _named(part: str, path: str, user: User) -> str:
    if part == "token":
        return _token(path, user)
    if part == "number":
        return _number(path)
    if part == "job":
        return "4711"
    if path.startswith("outbox/"):
        return next(transport.folder().glob("*.eml")).stem
    if path.startswith("account/passkey/"):
        key, _new = Passkey.objects.get_or_create(
            user=user, defaults={"credential": b"", "credential_id": b"x", "made_utc": timezone.now()}
        )
        return str(key.pk)
    return str(user.person_id)


def _token(path: str, user: User) -> str:
    what = next((what for start, what in _PROOFS.items() if path.startswith(start)), None)
    if what:
        proof = proofs.make(
            proof=new_id(), person=user.person_id, what=what, user=user, password=user.password, at_utc=timezone.now()
        )
        return proofs.address(proof).split("/")[-2]
    power = next(power for start, power in _POWERS.items() if path.startswith(start))
    return links.address(link_of(user.person_id, power, cause=_request(path)), "x").split("/")[-2]


def _request(path: str) -> UUID | None:
    """What a link of this page is about."""
    if path.startswith(("receipt/", "conversation/")):
        return QuoteRequest.objects.get().id
    return Case.objects.get(purpose="rights").id if path.startswith("case/") else None


def _number(path: str) -> str:
    if "quotes/" in path:
        return str(QuoteRequest.objects.get().number)
    if "inquiries/" in path or "work/" in path:
        return str(Inquiry.objects.get().number)
    return str(Case.objects.get(purpose="rights").number)


def cookie_of(browser: Client) -> str:
    """The secret of the browser's session; empty for a visitor."""
    cookie = browser.cookies.get(settings.SESSION_COOKIE_NAME)
    return str(cookie.value) if cookie else ""


def strict(browser: Client) -> Client:
    """The same browser, with nothing left out of Django's own check of forms."""
    found = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    found.cookies = browser.cookies
    return found
