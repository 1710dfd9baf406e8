"""Nothing happens by a look, and nothing by a button on somebody else's page: tried at every address of the site."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.accounts import BOB, OTHER_PASSWORD, PASSWORD, emails_to, link_in, sign_up
from tests.drp.agents import BUSINESS, FRIENDS, listed, wanted
from tests.security.everything import ALICE, Everything, everything, member, strict
from tests.visits import BROWSER, visitor

from troth.drp.models import AgentRequest
from troth.security import entry
from troth.security.models import User

pytestmark = pytest.mark.django_db(transaction=True)

TOLD = (
    "entry",
    "entry_%",
    "link%",
    "grant%",
    "ledger%",
    "tree%",
    "leaf%",  # that somebody looked is written down
    "session",
    "device",
    "rate_count",
    "rate_salt",
    "private_link",
    "procrastinate_%",
    "act",  # an export by staff
    "law_answer",  # what follows from the law for a class of people, kept once it was asked for
    "law_reach",  # the same of all classes, for selections
)
EVIL = {"HTTP_ORIGIN": "https://evil.example", "HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_HOST": "localhost"}
ONE_CLICK = {"unsubscribe/<str:token>/", "unsubscribe/"}
"""A mail program sends it without a page. It can only ever say no. Source: RFC 8058."""

FROM_OURS = {
    # What acts without a session, and what is sent there; from our own page it is taken.
    "sign-in/forgotten/": {"address": ALICE["email"]},
    "account/requests/<str:number>/copy.<copyform:form>": {},
    "case/copy.<copyform:form>": {},
    "history/choices.jsonld": {},
    "account/reset/": {"password": OTHER_PASSWORD},  # at last: a new password ends the other secrets
}
BY_THEMSELVES = {
    *FROM_OURS,
    "account/reset/<str:token>/",
    "case/<str:token>/copy.<copyform:form>",
    "history/<str:token>/choices.jsonld",
    "account/confirm/<str:token>/",
    "account/confirm/",
    "newsletters/confirm/<str:token>/",
    "newsletters/confirm/",
    "account/new/",
    "sign-in/code/",
    "sign-in/passkey",  # need a nonce, a password, a challenge: tests of their own
    "history/<str:token>/receipts.json",
    "history/receipts.json",  # as choices.jsonld, once the ledger is sealed
    "california/answer/<str:token>/",
    "california/answer/",  # nobody has asked here
    "case/files/<uuid:id>/",
    "case/files/<uuid:id>/download",  # nobody has asked for a file
    # By an agent's signature and token: no cookie opens them, below.
    "drp/v1/agent/<str:id>",
    "drp/v1/data-rights-request",
    "drp/v1/data-rights-request/",
    "drp/v1/data-rights-request/<uuid:id>",
}


@pytest.fixture
def world(site: Any, run_jobs: Any) -> Everything:
    return everything(run_jobs)


def everything_kept(owner: Any) -> dict[str, Any]:
    """Table → a digest of all its rows, but for those in which looks are written down."""
    names = owner.execute(
        "select tablename from pg_tables where schemaname = 'public' and not tablename like any (%s)", [list(TOLD)]
    ).fetchall()
    seen = "to_jsonb(it) - 'policy_seen'"  # which version of the policy somebody opened
    digest = f"select md5(string_agg(({seen})::text, '|' order by ({seen})::text)) from \"{{}}\" it"
    return {name: owner.execute(digest.format(name)).fetchone() for (name,) in names}


def signed_in_strictly(world: Everything) -> Iterator[tuple[str, Client]]:
    yield "alice", fresh(world.alice)
    for role in ("sales", "privacy"):
        yield role, strict(member(role))


def fresh(browser: Client) -> Client:
    """She has just shown her passkey again, so that nothing else than the page it was sent from is in the way."""
    session = browser.session
    session["fresh"], session["fresh way"] = time.time(), entry.PASSKEY
    session.save()
    return strict(browser)


def hidden(world: Everything, route: str) -> dict[str, str]:
    """What the forms of a page carry that a mailed secret opened."""
    page = route.partition("<")[0].partition(".")[0].rpartition("/")[0]
    page = {"account/confirm-address": "account/address", "case/files": "case"}.get(page, page)
    mailed = world.addresses.get(f"{page}/<str:token>/")
    return {"secret": mailed.strip("/").rpartition("/")[2]} if mailed and "<str:token>" not in route else {}


@pytest.mark.asvs("V3.5.3")
def test_a_look_at_any_address_changes_nothing(world: Everything, owner: Any) -> None:
    people = [("visitor", visitor()), *signed_in_strictly(world)]
    dict(people)["alice"].get(
        "/account/app/", **BROWSER
    )  # an app that is being set up is made when its page is first seen
    before = everything_kept(owner)
    assert len(before) > 30
    for who, browser in people:
        browser.raise_request_exception = False
        for route, address in world.addresses.items():
            if who in ("visitor", "alice") or route.startswith("console/"):
                browser.get(address, **BROWSER)
    after = everything_kept(owner)
    assert {name for name in before if before[name] != after[name]} == set()


@pytest.mark.asvs("V3.5.1")
def test_a_button_on_somebody_elses_page_does_nothing_anywhere(world: Everything, owner: Any) -> None:
    people, before, seen = list(signed_in_strictly(world)), everything_kept(owner), set()
    for who, browser in people:
        browser.raise_request_exception = False
        for route, address in world.addresses.items():
            if route not in ONE_CLICK and (who == "alice" or route.startswith("console/")):
                body = {"do": "save", **hidden(world, route)}
                seen.add((who, route, browser.post(address, body, **EVIL).status_code))
    assert len([route for route in world.addresses if hidden(world, route)]) > 10
    assert {route for _who, route, status in seen if status not in (403, 405)} == BY_THEMSELVES
    after = everything_kept(owner)
    assert {name for name in before if before[name] != after[name]} == set()


@pytest.mark.asvs("V3.5.1")
def test_forms_without_a_session_are_taken_from_our_own_page_only(world: Everything, owner: Any) -> None:
    proven = world.user.password
    sent = {route: {**body, **hidden(world, route)} for route, body in FROM_OURS.items()}
    browser, before = fresh(world.alice), everything_kept(owner)
    elsewhere = {route: browser.post(world.addresses[route], body, **EVIL) for route, body in sent.items()}
    assert everything_kept(owner) == before
    for route, body in sent.items():
        here = browser if "requests/" in route else visitor()
        answer = here.post(world.addresses[route], body, **BROWSER)
        assert elsewhere[route].status_code in (400, 403, 404, 429), route
        assert answer.status_code != elsewhere[route].status_code, route
    world.user.refresh_from_db()
    assert world.user.password != proven, "the reset from our own page was not taken, so nothing was shown"


@pytest.mark.asvs("V3.5.1")
def test_an_account_is_confirmed_by_the_button_of_our_own_page_only(site: Any, run_jobs: Any) -> None:
    sign_up(BOB)
    run_jobs()
    link = link_in(emails_to(BOB["email"])[-1])
    refused = visitor().post(link, {"password": PASSWORD}, **EVIL)
    assert (refused.status_code, User.objects.count()) == (400, 0)
    assert visitor().post(link, {"password": PASSWORD}, **BROWSER).status_code == 303
    assert User.objects.count() == 1


@pytest.mark.asvs("V3.5.2")
def test_no_cookie_opens_what_is_for_agents_and_no_kind_of_body_makes_up_for_a_token(site: Any, settings: Any) -> None:
    """A page of somebody else's can send these without asking our site first: they need what no browser adds."""
    settings.TROTH_DRP_AGENTS, settings.TROTH_DRP_BUSINESS_ID = listed(), BUSINESS
    browser = member("admin")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json"):
        for path in ("data-rights-request", "data-rights-request/", f"agent/{FRIENDS}"):
            body = wanted() if "request" in path else b"anything"
            answer = browser.post(f"/drp/v1/{path}", body, content_type=kind, **BROWSER)
            if kind == "multipart/form-data":  # without a boundary it is no form, and nothing of it is read
                assert answer.status_code == 400
            else:
                assert (answer.status_code, answer.content) == (403, b"")
    assert not AgentRequest.objects.exists()
