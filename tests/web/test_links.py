"""Every link of a site leads to a page, and to a place on it: of one made a minute ago, and of the demonstration."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from tests.visits import BROWSER, PASSWORD, send, signed_in, staff, text, visitor

from troth import catalog
from troth.cases.models import Case
from troth.cases.thread import writing
from troth.gate import facts
from troth.policy import confirm
from troth.records.law import versions
from troth.site import site as read_site

_NOT_PAGES = ("/static/", "/brand.css")
_AT_MOST = 400


@pytest.fixture
def new_site(owner: Any, tmp_path: Path, settings: Any) -> Iterator[Path]:
    """As `troth new` makes it, opened."""
    folder = tmp_path / "site"
    catalog.new(folder, organization="Acme & Sons", today=date(2026, 1, 1))
    settings.TROTH_SITE = folder
    read_site.cache_clear()
    versions.adopt((folder / "policy.md").read_text(encoding="utf-8"), by="staff:test", using=connections["owner"])
    facts.forget()
    yield folder
    read_site.cache_clear()


@pytest.fixture
def site_without_cookie(owner: Any, tmp_path: Path) -> Path:
    """Its policy as one was made by a former version of the program."""
    made = catalog.new(tmp_path / "site", organization="Acme", today=date(2026, 1, 1))
    policy = next(path for path in made if path.name == "policy.md").read_text(encoding="utf-8")
    without = re.sub(r"```rule\ncookie: __Host-troth-session.*?```\n", "", policy, flags=re.S)
    versions.adopt(confirm(without), by="staff:test", using=connections["owner"])
    facts.forget()
    return tmp_path / "site"


def test_no_link_of_a_brand_new_site_leads_nowhere_and_no_page_of_it_has_an_empty_table(new_site: Path) -> None:
    walked, broken = walk(visitor())
    assert broken == []
    assert {"/", "/policy", "/privacy-choices/", "/quote/", "/cookies/"} <= walked
    assert any(page.startswith("/products/") and page != "/products/" for page in walked)
    empty = [
        page for page in walked for _ in re.findall(r"<tbody[^>]*>\s*</tbody>", visitor().get(page).content.decode())
    ]
    assert empty == []


def test_staff_of_a_brand_new_site_sign_in(new_site: Path) -> None:
    staff("ines", role="sales")
    browser = visitor()
    wrong = browser.post("/console/sign-in", {"username": "ines", "password": "not this one"}, **BROWSER)
    assert "don’t match" in text(wrong)
    right = browser.post("/console/sign-in", {"username": "Ines", "password": PASSWORD}, **BROWSER)
    assert (right.status_code, right.headers["Location"]) == (303, "/console/")
    assert set(right.cookies) == {"troth-session", "troth-device"}
    assert browser.get("/console/").status_code == 200


def test_no_link_that_staff_of_a_brand_new_site_see_leads_nowhere(new_site: Path) -> None:
    privacy = signed_in("vera", role="privacy")
    walked, broken = walk(privacy, begin="/console/requests/", within="/console/requests/")
    assert broken == []
    assert "/console/requests/new/" in walked
    menu = privacy.get("/console/").content.decode()
    lists = [name for name in ("quotes", "inquiries", "support") if f'href="/console/{name}/"' in menu]
    assert lists == ["quotes"], "of what its policy never had a purpose for, there is no list"
    policy = privacy.get("/console/policy").content.decode()
    assert ('<a href="/quote/">' in policy, '<a href="/support/">' in policy) == (True, False)


def test_staff_of_a_brand_new_site_enter_calls_and_answer_them(new_site: Path, run_jobs: Callable[[], None]) -> None:
    who = {"manner": "phone", "received": timezone.localdate().isoformat(), "name": "Bea", "email": "bea@home.example"}
    asked = {"company": "Acme", "country": "US", "state": "CA", "need": "quote", "note": "Two anvils."}
    for role, place, said in (
        ("sales", "quotes", asked),
        ("privacy", "requests", {"kind": "question", "note": "Why?"}),
    ):
        one = signed_in(f"one-{role}", role=role)
        entered = send(one, f"/console/{place}/new/", who | said)
        assert entered.status_code == 303, text(entered)
        run_jobs()
        case = Case.objects.latest("received_utc")
        page = f"/console/{place}/{case.number}/"
        assert said["note"] in text(one.post(page, {"do": "contact", "reason": "to answer the call"}, **BROWSER))
        answer = {"do": "reply", "words": "We will see.", "last": str(writing.find_last(case) or "")}
        answered = one.post(page, answer, **BROWSER)
        assert answered.status_code == 303, text(answered)


@pytest.mark.parametrize("page", ["/sign-in/", "/console/sign-in"])
def test_where_the_policy_declares_no_sign_in_cookie_the_page_says_so(site_without_cookie: Path, page: str) -> None:
    staff("ines", role="sales")
    form = {"username": "ines", "address": "ines@acme.example", "password": PASSWORD}
    for answer in (visitor().get(page), visitor().post(page, form, **BROWSER)):
        assert answer.status_code == 503
        assert "It needs a cookie, and this site’s privacy policy doesn’t declare one" in text(answer)
        assert not answer.cookies


@pytest.mark.usefixtures("site")
def test_no_link_of_the_demonstration_leads_nowhere() -> None:
    walked, broken = walk(visitor())
    assert broken == []
    assert len(walked) > 20


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("role", ["sales", "privacy", "admin", "auditor"])
def test_no_link_that_staff_see_leads_nowhere(role: str) -> None:
    _, broken = walk(signed_in(f"one-{role}", role=role), begin="/console/", within="/console/")
    assert broken == []


def walk(client: Client, *, begin: str = "/", within: str = "/") -> tuple[set[str], list[str]]:
    """The pages that links lead to, and each link that leads to no page or to no place on it."""
    found: dict[str, str] = {}
    waiting, broken = deque([(begin, "the address bar")]), []
    while waiting and len(found) < _AT_MOST:
        link, whence = waiting.popleft()
        address, anchor = urldefrag(link)
        if address not in found:
            answer = client.get(address, follow=True)
            found[address] = answer.content.decode() if "html" in answer.headers.get("Content-Type", "") else ""
            if answer.status_code >= 400:
                broken.append(f"{whence} → {link}: {answer.status_code}")
            elif address.startswith(within):
                waiting.extend((each, address) for each in links(found[address], at=address))
        if anchor and found[address] and f'id="{anchor}"' not in found[address]:
            broken.append(f"{whence} → {link}: no such place on the page")
    return {address for address in found if found[address]}, sorted(set(broken))


def links(page: str, *, at: str) -> list[str]:
    """Addresses on this site that the page links to."""
    hrefs = (unescape(href) for href in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', page))
    inside = (urljoin(at, href) for href in hrefs if not urlsplit(href).netloc and not urlsplit(href).scheme)
    return [link for link in dict.fromkeys(inside) if not link.startswith(_NOT_PAGES)]
