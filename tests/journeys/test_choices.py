"""Her choices and her profile in a browser that takes no cookie and runs no script."""

from typing import Any

from playwright.sync_api import Page, expect
from tests.access.hers import QUOTE, chosen, link_of, preferences_of, queued, reader
from tests.access.test_preferences import adopt_second
from tests.journeys.test_axe import findings, sideways
from tests.journeys.test_quote_story import page_without_cookies
from tests.worlds import kept

from troth.outbox import delivery
from troth.records import ledger
from troth.security import links
from troth.security.links import Link

__all__ = ["page_without_cookies"]


def test_she_answers_says_no_takes_it_back_and_stops_an_email(site: Any, page_without_cookies: Page) -> None:
    page, alice = page_without_cookies, reader()
    kept(QUOTE)
    adopt_second()
    page.goto(preferences_of(alice))
    page.get_by_label("No, don’t use it for this").check()
    page.get_by_role("button", name="Save answer").click()
    expect(page.get_by_role("status")).to_contain_text("You opted out of “Content: what version 2 added”.")
    page.get_by_label("Content", exact=True).uncheck()
    page.get_by_role("button", name="Save choices").click()
    expect(page.get_by_role("status")).to_contain_text("You opted out of “Content”.")
    expect(page.get_by_label("Content", exact=True)).not_to_be_checked()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Content", exact=True)).to_be_checked()
    assert chosen(alice)[1:] == [("content@2", False), ("content", False), ("content", True)]
    _stops_an_email(page, alice)


def _stops_an_email(page: Page, alice: Any) -> None:
    first, second = queued(alice), queued(alice)
    delivery.deliver(first.id)
    page.goto(links.address(Link.objects.get(power="unsubscribe"), "unsubscribe"))
    assert chosen(alice)[-1] == ("content", True)
    page.get_by_role("button", name="Unsubscribe", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re unsubscribed")
    delivery.deliver(second.id)
    second.refresh_from_db()
    assert (second.state, second.why) == ("refused", "said no")


def test_she_corrects_her_phone_and_sees_it_in_her_history(site: Any, page_without_cookies: Page) -> None:
    page, alice = page_without_cookies, kept(QUOTE).person
    page.goto(links.address(link_of(alice, "full"), "profile"))
    page.get_by_role("button", name="Show my data").click()
    page.get_by_role("button", name="Correct or remove phone").click()
    page.locator("#phone").fill("+1 559 555")
    page.get_by_role("button", name="Save correction").click()
    expect(page.get_by_role("alert")).to_contain_text("too few or too many digits")
    page.locator("#phone").fill("+1 559 555 0177")
    page.get_by_role("button", name="Save correction").click()
    expect(page.get_by_role("cell", name="+1 559-555-0177")).to_be_visible()
    page.get_by_role("button", name="History").click()
    expect(page.get_by_text("You corrected your phone. The previous value was deleted.")).to_be_visible()
    assert "corrected" in [entry.kind for entry in ledger.history(alice)]


def test_no_finding_on_her_pages(site: Any, live_server: Any, page: Page) -> None:
    alice = reader()
    kept(QUOTE)
    adopt_second()
    page.set_extra_http_headers({"Sec-GPC": "1"})
    page.goto(live_server.url + preferences_of(alice))
    assert (findings(page), sideways(page)) == ([], 0)
    page.get_by_role("button", name="Opt out of all marketing").click()
    assert (findings(page), sideways(page)) == ([], 0)
    page.goto(live_server.url + links.address(link_of(alice, "unsubscribe"), "unsubscribe"))
    assert (findings(page), sideways(page)) == ([], 0)
    page.goto(live_server.url + links.address(link_of(alice, "full"), "profile"))
    page.get_by_role("button", name="Show my data").click()
    assert (findings(page), sideways(page)) == ([], 0)
    page.get_by_role("button", name="Correct or remove industry").click()
    assert (findings(page), sideways(page)) == ([], 0)
