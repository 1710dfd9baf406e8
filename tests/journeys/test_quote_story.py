"""The whole story in a browser that takes no cookie and runs no script."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.visits import MARISOL

from troth.records import ledger
from troth.uses.quotes.models import QuoteRequest


@pytest.fixture
def page_without_cookies(browser: Browser, live_server: Any) -> Iterator[Page]:
    """A page of Chromium with cookies disabled, and without JavaScript."""
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.route("**/*", lambda route: route.continue_(headers=_without_cookies(route.request.headers)))
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setDocumentCookieDisabled", {"disabled": True})
    yield page
    assert context.cookies() == [], "a page of the story set a cookie"
    context.close()


def _without_cookies(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() != "cookie"}


def test_from_the_start_page_to_her_history(site, run_jobs, page_without_cookies):
    page = page_without_cookies
    _reads_the_policy(page)
    _asks_for_a_quote(page)
    run_jobs()  # the receipt asks again by itself
    quote = QuoteRequest.objects.get()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your request is with Dana Okafor, Calder Systems")
    expect(page.get_by_text(f"Receipt {quote.number}").first).to_be_visible()
    _opens_the_email(page, quote)
    _sees_everything(page)
    kinds = [entry.kind for entry in ledger.history(quote.person_id)]
    assert kinds.count("collected") == kinds.count("disclosed") == 1
    assert kinds[-1] == "collected"


def _reads_the_policy(page: Page) -> None:
    page.goto("/")
    assert page.evaluate("navigator.cookieEnabled") is False
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Policy").click()
    expect(page.get_by_role("heading", name="Quotes")).to_be_visible()
    expect(page.get_by_text("for that request and for nothing else").first).to_be_visible()


def _asks_for_a_quote(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Quotes").click()
    for kind in ("name", "phone", "company", "zip", "users", "note"):
        page.locator(f"#{kind}").fill(MARISOL[kind])
    page.locator("#email").fill("marisol.vance@haldenvalve")
    page.locator("#state").select_option("CA")
    page.locator("#product").select_option("optipro-process")
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("alert")).to_contain_text("The address ends after “haldenvalve”")
    expect(page.locator("#note")).to_have_value(MARISOL["note"])
    page.locator("#email").fill(MARISOL["email"])
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Your request is on its way to Dana Okafor, Calder Systems"
    )


def _opens_the_email(page: Page, quote: QuoteRequest) -> None:
    page.get_by_role("link", name="Read emails").click()
    # Newest first: the folder still holds the emails of tests before this one.
    page.get_by_role("link", name=f"Your request {quote.number} is with").first.click()
    page.get_by_role("button", name="View as HTML").click()
    address = page.get_by_role("link", name="See your data and history").get_attribute("href")
    assert address
    # The email names the address that people use; this run is served at another port.
    page.goto("/" + address.split("/", 3)[3])


def _sees_everything(page: Page) -> None:
    expect(page.get_by_text(MARISOL["email"])).to_have_count(0)
    page.get_by_role("button", name="Show my data").click()
    for value in ("Marisol Vance", MARISOL["email"], MARISOL["note"], "OptiPro Process"):
        expect(page.get_by_role("cell", name=value, exact=True)).to_be_visible()
    expect(page.get_by_text("Dana Okafor, Calder Systems received the")).to_be_visible()
    page.get_by_text("Why?").locator("visible=true").first.click()
    page.locator("select[name=what]").select_option("given to others")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text(re.compile(r"^You gave us \d+ things"))).to_have_count(0)
    expect(page.get_by_text("Dana Okafor, Calder Systems received the")).to_be_visible()
