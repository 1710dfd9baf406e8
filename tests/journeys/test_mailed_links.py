"""Where a mailed secret goes in a real browser: to the first page's address, and to no other and no referrer."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Request, expect
from tests.access.hers import QUOTE, link_of
from tests.accounts import ALICE, OTHER_PASSWORD, account, emails_to, link_in, sign_in
from tests.journeys.test_axe import findings, sideways
from tests.journeys.test_quote_story import page_without_cookies
from tests.visits import BROWSER, visitor
from tests.worlds import kept

from troth.security import links

__all__ = ["page_without_cookies"]


def watched(page: Page) -> list[Request]:
    """Every request of the page from now on, pictures and fonts too."""
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    return asked


def assert_told_to_nobody(asked: list[Request], secret: str) -> None:
    addresses = [each.url for each in asked]
    assert sum(secret in address for address in addresses) == 1, "the first hop alone"
    assert len(addresses) > 5
    referrers = [each.all_headers().get("referer", "") for each in asked]
    assert any(referrers), "the browser names none, so that this proves nothing"
    assert not [referrer for referrer in referrers if secret in referrer]


def test_through_history_profile_and_preferences_the_secret_stands_in_no_address(
    site: Any, page_without_cookies: Page
) -> None:
    page, alice = page_without_cookies, kept(QUOTE).person
    asked, address = watched(page), links.address(link_of(alice, "full"))
    page.goto(address)
    page.get_by_role("button", name="Show my data").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("History of your data")
    page.get_by_role("button", name="What we hold").click()
    page.get_by_role("button", name="Correct or remove phone").click()
    page.locator("#phone").fill("+1 559 555 0177")
    page.get_by_role("button", name="Save correction").click()
    expect(page.get_by_role("cell", name="+1 559-555-0177")).to_be_visible()
    page.get_by_role("button", name="Privacy choices", exact=True).press("Enter")
    expect(page.get_by_role("button", name="Privacy choices", exact=True)).to_have_attribute("aria-current", "page")
    page.get_by_role("button", name="Opt out of all marketing").click()
    expect(page.get_by_role("status")).to_contain_text("You opted out of “Offers and other marketing”.")
    assert page.url.endswith("/preferences/")
    page.get_by_role("contentinfo").get_by_role("link", name="Cookies").click()
    assert_told_to_nobody(asked, address.split("/")[2])


def test_a_forgotten_password_is_set_without_javascript(
    site: Any, page_without_cookies: Page, run_jobs: Callable[[], None]
) -> None:
    page = page_without_cookies
    account(ALICE, run_jobs)
    visitor().post("/sign-in/forgotten/", {"address": ALICE["email"]}, **BROWSER)
    run_jobs()
    asked, address = watched(page), link_in(emails_to(ALICE["email"])[-1])
    page.goto(address)
    page.locator("#password").fill("short")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("#password").fill(OTHER_PASSWORD)
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your password was changed")
    assert page.url.endswith("/account/reset/")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    assert_told_to_nobody(asked, address.split("/")[3])
    assert sign_in(ALICE["email"], OTHER_PASSWORD).status_code == 303


def test_with_javascript_the_secret_leaves_the_address_bar_and_the_history(
    site: Any, live_server: Any, page: Page
) -> None:
    alice = kept(QUOTE).person
    page.goto(live_server.url + links.address(link_of(alice, "full")))
    expect(page).to_have_url(f"{live_server.url}/history/")
    assert (findings(page), sideways(page)) == ([], 0)
    page.get_by_role("button", name="Show my data").click()
    assert (findings(page), sideways(page)) == ([], 0)
    page.goto(live_server.url + "/history/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Open the link in your email again")
    assert (findings(page), sideways(page)) == ([], 0)
