"""The shell's own pages: what a person finds there."""

from datetime import date

import pytest
from django.test import Client
from tests.visits import signed_in, text, visitor

from troth.web.context import policy_notice

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def client() -> Client:
    return visitor()


def test_start_page_names_what_is_sold_and_the_newest_release(client: Client) -> None:
    page = text(client.get("/"))
    assert "OptiPro Process" in page
    assert "Latest releases" in page
    assert "This site does what our policy says" in page


def test_a_search_finds_the_product_whose_page_has_all_the_words(client: Client) -> None:
    page = text(client.get("/products/?q=KETTLE lots"))
    assert "1 product" in page
    assert "OptiPro Process" in page
    assert "OptiPro Discrete" not in page


def test_a_search_for_one_line_leaves_the_others_out(client: Client) -> None:
    page = text(client.get("/products/?line=equipment"))
    assert "Bench scale B30" in page
    assert "From $95.00" not in page


def test_a_search_without_result_says_what_to_do_and_keeps_the_words(client: Client) -> None:
    response = client.get("/products/?q=<b>submarine")
    assert "Try fewer or shorter words" in text(response)
    assert 'value="&lt;b&gt;submarine"' in response.content.decode()


def test_product_page_has_prices_with_currency_and_releases_with_dates(client: Client) -> None:
    page = text(client.get("/products/optipro-process/"))
    assert "$95.00 per user and month" in page
    assert "List prices before tax, since July 1, 2026" in page
    assert "Sep 9, 2026" in page
    assert "◐" not in page
    assert "security" in page


def test_product_page_leads_to_a_quote_for_this_product(client: Client) -> None:
    assert 'href="/quote/?product=optipro-process"' in client.get("/products/optipro-process/").content.decode()


@pytest.mark.parametrize("page", ["2", "-1", "many", "99999999999"])
def test_an_odd_page_number_shows_a_page_all_the_same(client: Client, page: str) -> None:
    assert client.get(f"/products/optipro-process/?page={page}").status_code == 200


def test_an_unknown_product_is_a_plain_page(client: Client) -> None:
    response = client.get("/products/optipro-moon/")
    assert response.status_code == 404
    assert "Page not found" in text(response)


@pytest.mark.clause("C13")
def test_cookie_page_lists_no_cookie_for_a_visitor_and_all_that_may_be(client: Client) -> None:
    page = text(client.get("/cookies/"))
    assert "No cookies from us" in page
    assert "__Host-troth-session" in page
    assert "30 days" in page


@pytest.mark.clause("C13")
def test_cookie_page_shows_the_session_of_staff_with_its_end_and_keeps_its_value(client: Client) -> None:
    staff = signed_in()
    page = text(staff.get("/cookies/"))
    assert "troth-session" in page
    assert "PST" in page or "PDT" in page
    assert staff.cookies["troth-session"].value not in page


@pytest.mark.clause("C13")
def test_cookie_page_says_that_a_foreign_cookie_is_not_ours(client: Client) -> None:
    client.cookies["tracker"] = "secret-value"
    page = text(client.get("/cookies/"))
    assert "Not ours. Another program" in page
    assert "secret-value" not in page


@pytest.mark.clause("C14")
def test_signals_are_shown_as_the_browser_sends_them(client: Client) -> None:
    assert "Doesn’t send it" in text(client.get("/privacy-choices/"))
    response = client.get("/privacy-choices/", headers={"Sec-GPC": "1", "DNT": "1"})
    assert "Doesn’t send it" not in text(response)
    assert "Sec-GPC" in response.headers["Vary"]
    assert "Doesn’t send it" in text(client.get("/privacy-choices/", headers={"Sec-GPC": "true", "DNT": "1"}))


@pytest.mark.clause("I1")
def test_choices_page_says_of_each_purpose_what_the_choice_is(client: Client) -> None:
    page = text(client.get("/privacy-choices/"))
    signed_up, always = page.index("Off until you opt in"), page.index("Always on, never advertising")
    assert signed_up < page.index("Newsletters") < always
    assert always < page.index("contact details to the salesperson")


def test_a_new_version_is_noticed_for_two_months_and_a_first_one_is_not(site: object) -> None:
    from troth import in_force

    first = in_force.policy()
    assert policy_notice(first, today=first.effective) is None
    second = _numbered(2, date(2026, 11, 1))
    notice = policy_notice(second, today=date(2026, 12, 31))
    assert notice is not None
    assert notice.difference == "/policy/1..2"
    assert policy_notice(second, today=date(2027, 1, 1)) is None


def _numbered(version: int, effective: date):  # type: ignore[no-untyped-def]
    import dataclasses

    from troth import in_force

    return dataclasses.replace(in_force.policy(), version=version, effective=effective)
