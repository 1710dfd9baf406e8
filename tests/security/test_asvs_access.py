"""docs/access.md names every address and who may use it, and each of them is open to nobody else."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.accounts import post
from tests.drp.agents import BUSINESS, listed
from tests.security.everything import Everything, again, everything, member, routes
from tests.visits import BROWSER, visitor

from troth.security.models import Role

PAGE = (Path(__file__).parent.parent.parent / "docs/access.md").read_text()
ROLES = tuple(Role.values)
PEOPLE = {
    # Who of a visitor, Alice and the seven roles is meant by each word of the page.
    "anyone": {"visitor", "alice", *ROLES},
    "the demo": {"visitor", "alice", *ROLES},
    "the link's holder": {"visitor", "alice", *ROLES},
    "anyone who opened the link": {"visitor", "alice", *ROLES},  # the page says where the secret is; it holds none
    "anyone who gave the password": set(),
    "agents": set(),
    "signed in": {"alice", *ROLES},
    "signed in lately": {"alice", *ROLES},
    "customers": {"alice"},
    "staff": set(ROLES),
}
CHANGES_WHO_IS_THERE = re.compile("sign-out|sessions/end")
NOBODYS = (
    "california/mine/<str:number>/",
    "organization/share/<uuid:fact>/",
    "console/requests/<str:number>/files/<uuid:id>/",
    "console/requests/<str:number>/files/<uuid:id>/download",
    "account/requests/<str:number>/files/<uuid:id>/",
    "account/requests/<str:number>/files/<uuid:id>/download",
    "console/failed/<int:job>/again",
    "console/work/bulk/<uuid:run>/",
    "console/support/bulk/<uuid:run>/",
    "console/support/<str:number>/",
    "console/quotes/bulk/<uuid:run>/",
    "console/inquiries/bulk/<uuid:run>/",
    "console/requests/bulk/<uuid:run>/",
    "console/outbox/bulk/<uuid:run>/",
    "console/outbox/lanes/<slug:lane>/",
    "console/outbox/release/",
    "console/outbox/addresses/<slug:mark>/",
    "console/inbox/<uuid:id>/",
    "console/outbox/<uuid:id>/",
    "console/outbox/<uuid:id>/email.html",
    "console/newsletters/<uuid:id>/",
    "console/newsletters/<uuid:id>/preview/",
    "console/newsletters/<uuid:id>/editions/<int:edition>/",
    "console/updates/drafts/<uuid:id>/",
    "console/updates/drafts/<uuid:id>/edit/",
    "console/updates/drafts/<uuid:id>/emails/<int:place>/",
    "console/updates/drafts/<uuid:id>/redline.docx",
    "console/updates/drafts/<uuid:id>/redline.pdf",
    "console/updates/translations/<uuid:id>/",
    "console/updates/withdrawn/<uuid:id>/",
    "console/updates/<int:version>/",
    "console/updates/<int:version>/answers.csv",
    "newsletters/<slug:slug>/",
    "newsletters/wording/<slug:digest>/",
)
"""Alice has no such request, file or organization, nobody changed many requests or wrote an issue, and no job failed: their own tests have somebody who has."""

HERS = ("account/address/<str:token>/",)
"""Of those who are signed in, the one for whom it was made."""


@pytest.fixture
def world(site: Any, run_jobs: Any, settings: Any) -> Everything:
    settings.TROTH_DRP_AGENTS, settings.TROTH_DRP_BUSINESS_ID = listed(), BUSINESS
    return everything(run_jobs)


def declared() -> dict[str, str]:
    """Address → who may, as the page says."""
    return dict(re.findall(r"^\| `/([^`]*)` \| ([^|]+) \|$", PAGE, re.MULTILINE))


def meant(words: str) -> set[str]:
    return PEOPLE.get(words) if words in PEOPLE else set(words.split(", "))  # type: ignore[return-value]


def reached(browser: Client, address: str) -> bool:
    """Whether somebody came to the page, or to the proof of who it is that the page asks for lately."""
    answer = browser.get(address, **BROWSER)
    if answer.status_code == 405:
        answer = post(browser, address)
    if answer.status_code in (302, 303):
        return not re.match("/(console/)?sign-in", answer.headers["Location"])
    return answer.status_code not in (403, 404)


@pytest.mark.asvs("V8.1.1")
def test_the_page_names_every_address_once_and_nobody_whom_it_does_not_explain() -> None:
    every = [route.lstrip("^").rstrip("$") for route in routes()]
    assert sorted(declared()) == sorted(every)
    assert len(re.findall(r"^\| `/", PAGE, re.MULTILINE)) == len(every)
    assert {words for words in declared().values() if not meant(words) <= {"visitor", "alice", *ROLES}} == set()


@pytest.mark.asvs("V8.1.1")
@pytest.mark.asvs("V8.2.1")
@pytest.mark.asvs("V8.2.2")
def test_each_address_is_open_to_those_whom_the_page_names_and_by_no_link_that_was_guessed(
    world: Everything, settings: Any
) -> None:
    people = {"visitor": visitor(), "alice": again(world.user)} | {role: member(role) for role in ROLES}
    wrong = [each for who, browser in people.items() for each in _wrong(world, who, browser)]
    assert not wrong, "; ".join(f"{who} {route}" for who, route in wrong)
    for who in ("visitor", "alice", "admin"):
        assert [route for route, address in _guessed(world).items() if reached(people[who], address)] == []
    settings.TROTH_DEMO = False
    emails = [address for route, address in world.addresses.items() if route.startswith("outbox/")]
    assert [address for address in emails if visitor().get(address).status_code != 404] == []
    assert len(emails) == 4


def _wrong(world: Everything, who: str, browser: Client) -> Iterator[tuple[str, str]]:
    """Where somebody comes who may not, or does not come who may."""
    for route, address in world.addresses.items():
        may = {"alice"} if route in HERS else meant(declared()[route.lstrip("^").rstrip("$")])
        tried = not CHANGES_WHO_IS_THERE.search(route) and route not in NOBODYS and may != PEOPLE["anyone"]
        if tried and reached(browser, address) != (who in may):
            yield who, route


def _guessed(world: Everything) -> dict[str, str]:
    """Every address of a private link, with a token that nobody was given."""
    found = {
        route: re.sub(r"[\w=-]{32}", "A" * 32, address)
        for route, address in world.addresses.items()
        if "token>" in route
    }
    assert len(found) > 10
    assert not set(found.values()) & set(world.addresses.values())
    return found
