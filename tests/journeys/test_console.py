"""The console by keyboard alone, in a browser that runs its script."""

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.visits import PASSWORD, staff
from tests.worlds import known_person

from troth.cases import actions
from troth.cases.kinds import kinds
from troth.cases.models import Case
from troth.gate import new_id


@pytest.fixture
def console(site: Any, live_server: Any, page: Page) -> Page:
    """Signed in as a privacy officer, at a list of three requests."""
    for number, kind in enumerate(("correction", "question", "erasure"), 1):
        values = {"name": "Alice Ashby", "email": f"alice{number}@ashby.example", "note": "My name is misspelled."}
        at = datetime.now(UTC)
        person = known_person(values, channel="form.privacy")
        case = actions.open_case(kinds()[kind], id=new_id(), person=person, manner="form", at_utc=at).case
        actions.verify(case.id, at_utc=at, way="mailed link")
    staff("pia", role="privacy", name="Pia Lund")
    page.goto(f"{live_server.url}/console/sign-in?next=/console/cases/")
    page.locator("[name=username]").fill("pia")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator("[data-keys]")).to_be_visible()
    return page


def test_a_privacy_officer_works_a_whole_list_by_keyboard(console: Page) -> None:
    numbers = list(Case.objects.order_by("due_utc", "number").values_list("number", flat=True))
    press = console.keyboard.press
    expect(console.locator("[data-keys]")).to_be_visible()

    for number in numbers:
        press("j")
        press("Enter")
        expect(console.locator("#opened-h")).to_contain_text(number)
        expect(console.locator("[data-row].open th a")).to_be_focused()
        press("a")
        expect(console.locator("[data-row].open .who")).to_have_text("Pia Lund")
        expect(console.locator("[data-row].open th a")).to_be_focused()
        press("p")
        expect(console.locator("#opened")).to_be_focused()
        press("Tab")
        while not console.evaluate("document.activeElement.matches('button[value=contact]')"):
            press("Tab")
        press("Enter")
        expect(console.locator("#opened")).to_contain_text("My name is misspelled.")
        expect(console.locator("[data-row].open th a")).to_be_focused()

    assert set(Case.objects.values_list("assigned_to", flat=True)) == {"pia"}


def test_rows_are_selected_by_keyboard_and_changed_at_once(console: Page) -> None:
    press = console.keyboard.press
    press("j")
    press("x")
    press("j")
    press("x")
    console.locator("#bulk button").press("Enter")
    expect(console.get_by_role("heading", level=1)).to_have_text("Assign: 2 requests")
    console.get_by_role("button", name="Assign (2)").press("Enter")
    expect(console.get_by_role("status").last).to_have_text("2 of 2 done.")
    assert Case.objects.filter(assigned_to="pia").count() == 2


def test_a_list_shows_what_is_new_without_a_reload_and_keeps_the_focus(console: Page) -> None:
    console.evaluate("document.body.dataset.sameDocument = 'yes'")
    console.keyboard.press("j")
    first = console.locator("[data-row] th a").first.get_attribute("href")
    values = {"name": "Bob", "email": "bob@northgate.example", "note": "Why?"}
    at, person = datetime.now(UTC), known_person(values, channel="form.privacy")
    case = actions.open_case(kinds()["question"], id=new_id(), person=person, manner="form", at_utc=at).case
    actions.verify(case.id, at_utc=at, way="mailed link")

    console.evaluate("refresh()")

    expect(console.locator("[data-row]")).to_have_count(4)
    assert console.evaluate("document.activeElement.getAttribute('href')") == first
    assert console.evaluate("document.body.dataset.sameDocument") == "yes"
