"""The portal in a browser: a customer finds her requests, withdraws one, and undoes what she did by mistake."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from tests.access.test_portal import ask, quote_of
from tests.access.test_signed_in import owner_of
from tests.pictures import SCHEMES, look_at

from troth.cases.models import Case
from troth.records import organizations
from troth.records.accounts import join
from troth.uses.inquiries import actions as inquiries
from troth.uses.quotes import actions as quotes

ALICE = "alice@halden-valve-works.example"


@pytest.fixture
def portal(site: Any, live_server: Any, page: Page, client: Any) -> Page:
    """Signed in as a customer with an organization, a quote and a question."""
    user, person = owner_of(ALICE)
    organizations.create(person, name="Halden Valve Works", domain="")
    quote, fact = quote_of(ALICE)
    quotes.route(quote.pk, at_utc=datetime.now(UTC))
    question = {"email": ALICE, "name": "Alice Ashby", "note": "Which lots?"}
    _question, asked = ask(question, inquiries.record, "form.contact")
    for each in (fact, asked):
        join(user=user.pk, person=each, way="signed in")
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(f"{live_server.url}/account/requests/")
    return page


def test_each_page_of_the_portal_fits_a_telephone_and_a_desktop(portal: Page) -> None:
    origin = portal.url.partition("/account/")[0]
    numbers = Case.objects.order_by("number").values_list("number", flat=True)
    paths = [
        "/",
        "/account/",
        "/account/requests/",
        "/account/requests/?q=nothing",
        *(f"/account/requests/{number}/" for number in numbers),
        "/account/products/",
        "/account/data/",
        "/account/profile/",
        "/account/preferences/",
        "/organization/",
        "/privacy/requests/",
        "/account/password/",
        "/policy",
    ]
    for scheme in SCHEMES:
        look_at(portal, [f"{origin}{path}" for path in paths], scheme=scheme)


def test_a_customer_finds_all_her_requests_withdraws_one_and_stops_sharing_by_mistake(portal: Page) -> None:
    rows = portal.locator("table.requests [role=rowheader], table.requests tbody th")
    expect(rows).to_have_count(2)
    search = portal.get_by_role("searchbox")
    expect(search).to_have_count(0)  # a few are seen at a glance
    portal.goto(f"{portal.url.partition('?')[0]}?q=I-")
    search.fill("Q-")
    portal.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    rows.get_by_role("link").click()
    expect(portal.get_by_text("Your request is")).to_be_visible()

    portal.get_by_role("button", name="Share with organization").click()
    notice = portal.get_by_role("status")
    expect(notice).to_contain_text("Your colleagues now see this.")
    notice.get_by_role("button", name="Undo").click()
    expect(notice).to_contain_text("You stopped sharing.")
    expect(portal.get_by_role("button", name="Share with organization")).to_be_visible()

    portal.get_by_text("Withdraw request…").click()
    portal.get_by_role("button", name="Withdraw request").click()
    expect(notice).to_contain_text("You withdrew this request.")
    portal.get_by_role("navigation", name="Your portal").get_by_role("link", name="Products").click()
    expect(portal.get_by_role("heading", name="OptiPro Process")).to_be_visible()
    expect(portal.get_by_text("withdrawn")).to_be_visible()


def test_home_fetches_the_policys_typeface_once_it_comes_near(site: Any, live_server: Any, page: Page) -> None:
    page.goto(live_server.url)
    loaded = "performance.getEntriesByType('resource').map(each => each.name).join(' ')"
    fonts = [each for each in str(page.evaluate(loaded)).split() if each.endswith(".woff2")]
    assert ["inter" in each for each in fonts] == [True]
    page.get_by_role("heading", name="This site does what our policy says").scroll_into_view_if_needed()
    page.wait_for_function(f"{loaded}.includes('source-serif')")
