"""A sweep over every address with a part that names an object: strangers find nothing, whatever they are otherwise."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from tests.access.hers import link_of
from tests.accounts import ALICE, BOB, CHARLIE, account, emails_to, link_in, post
from tests.visits import MARISOL, send, signed_in, visitor

from troth.cases.models import Case
from troth.collection.prepared import PreparedFile
from troth.security import links
from troth.security.factors.models import Passkey
from troth.security.models import User
from troth.uses.inquiries.models import Inquiry
from troth.uses.quotes.models import QuoteRequest

PUBLIC = ("products/", "policy/", "^policy/", "outbox/")
AFTER_SECRET = "case/files/"
"""Where the forms of a page lead that a mailed secret opened: it comes in the body. See the next test."""
BY_SECRET = ("receipt/", "history/", "profile/", "preferences/", "unsubscribe/", "account/confirm/", "account/reset/")
"""Whoever holds the secret of the address is let in: that is what it is for."""


def routes(resolver: Any = None, before: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        path = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, path)
        elif "<" in path and not path.startswith(PUBLIC + BY_SECRET):
            yield path


@pytest.fixture
def objects(site: Any, run_jobs: Any) -> dict[str, str]:
    """Route → the address of something that is Alice's, or that only some staff may see."""
    browser = account(ALICE, run_jobs)
    send(browser, "/quote/", MARISOL)
    send(browser, "/contact/", {"name": "Alice", "email": ALICE["email"], "note": "Call us."})
    post(browser, "/account/address/", {"address": "alice@new-place.example"})
    run_jobs()
    user = User.objects.get()
    key = Passkey.objects.create(user=user, credential=b"", credential_id=b"x", made_utc=timezone.now())
    return {
        "account/address/<str:token>/": link_in(emails_to("alice@new-place.example")[-1]),
        "account/data/<uuid:person>/": f"/account/data/{user.person_id}/",
        "account/profile/<uuid:person>/": f"/account/profile/{user.person_id}/",
        "account/passkey/<int:id>/remove": f"/account/passkey/{key.pk}/remove",
        "console/quotes/<str:number>/": f"/console/quotes/{QuoteRequest.objects.get().number}/",
        "console/inquiries/<str:number>/": f"/console/inquiries/{Inquiry.objects.get().number}/",
    }


@pytest.mark.clause("S1")
@pytest.mark.asvs("V8.2.2")
def test_strangers_find_nothing_at_any_address_of_an_object(objects, run_jobs):
    everything = {route: objects.get(route, _any(route)) for route in routes()}
    assert set(objects) <= set(everything)
    strangers = {"visitor": visitor(), "charlie": account(CHARLIE, run_jobs), "product": _product()}
    found = {
        (who, address, response.status_code)
        for who, client in strangers.items()
        for route, address in everything.items()
        for response in (client.get(address), post(client, address))
        if not _nothing(who, route, response)
    }
    assert found == set()
    assert Passkey.objects.exists()
    assert User.objects.at(ALICE["email"])


def _any(route: str) -> str:
    """An address of a route that this sweep has nothing of yet."""
    values = {"uuid": "01a20774-b3ef-7e5d-a7a1-1c7bbecf9feb", "int": "1", "copyform": "json"}
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: values.get(found[1] or "", "no-such-thing"), route)


def _nothing(who: str, route: str, response: Any) -> bool:
    """404, or the way to sign in; a member of staff without the purpose sees work, and never a value."""
    if (
        route.startswith(AFTER_SECRET) and response.status_code == 200
    ):  # no secret came, so the email has to be opened again
        return {each.name for each in response.templates} >= {"mailed/again.html"} and not _of_alice(response)
    if response.status_code == 308:
        # An old address; the new one is asked as well.
        return str(response.headers["Location"]).startswith("/console/requests/")
    if response.status_code in (302, 303):
        return "sign-in" in response.headers["Location"] or "/account/again/" in response.headers["Location"]
    if who == "product" and route.startswith("console/"):
        return not _of_alice(response)
    return response.status_code in (404, 405)


def _of_alice(response: Any) -> bool:
    page = response.content.decode()
    return any(hers in page for hers in (MARISOL["email"], MARISOL["note"], ALICE["email"], ALICE["name"]))


@pytest.mark.clause("S1")
@pytest.mark.asvs("V8.2.2")
def test_a_file_is_fetched_with_the_secret_of_its_own_case_and_no_other(site: Any, run_jobs: Any) -> None:
    cases, bob = {}, account(BOB, run_jobs)
    for person in (ALICE, CHARLIE):
        browser = account(person, run_jobs)
        send(browser, "/privacy/requests/copy/", {**person, "note": MARISOL["note"]})
        case = Case.objects.filter(purpose="rights").order_by("received_utc").last()
        assert case
        secret = links.address(link_of(case.person_id, links.Link.CASE, cause=case.id), "case").split("/")[-2]
        cases[person["email"]] = {"secret": secret}
    hers, his = cases[ALICE["email"]], cases[CHARLIE["email"]]
    shown = post(visitor(), "/case/copy.pdf", hers)
    assert shown.status_code == 200, shown
    run_jobs()
    (file,) = PreparedFile.objects.all()
    here = f"/case/files/{file.pk}/"
    for sent in ({}, {"secret": ""}, {"secret": "x" * 32}, his):
        for address in (here, f"{here}download"):
            for client in (visitor(), bob):
                answer = post(client, address, sent)
                assert (answer.status_code, answer.headers["Content-Type"][:9]) == (404, "text/html"), (address, sent)
                assert not _of_alice(answer)
            assert visitor().get(address, sent).templates[0].name == "mailed/again.html"
    assert post(visitor(), f"{here}download", hers).headers["Content-Type"] == "application/pdf"


def _product() -> Client:
    return signed_in("petra", role="product", name="Petra Product")
