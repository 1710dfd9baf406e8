"""The console by keyboard alone, in a browser that runs its script."""

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.pictures import SCHEMES, look_at
from tests.visits import PASSWORD, staff
from tests.worlds import known_person

from troth.cases import actions
from troth.cases.kinds import kinds
from troth.cases.models import Case
from troth.desk.lists import runs
from troth.desk.models import BulkRun
from troth.gate import new_id
from troth.security.models import User


@pytest.fixture
def console(site: Any, live_server: Any, page: Page) -> Page:
    """Signed in as a privacy officer, at a list of three requests."""
    for number, kind in enumerate(("correction", "question", "erasure"), 1):
        values = {"name": "Alice Ashby", "email": f"alice{number}@ashby.example", "note": "My name is misspelled."}
        at = datetime.now(UTC)
        person = known_person(values, channel="form.privacy")
        case = actions.open_case(
            kinds()[kind], actions.CaseArrival(id=new_id(), person=person, manner="form", at_utc=at)
        ).case
        actions.verify(case.id, at_utc=at, way="mailed link")
    staff("pia", role="privacy", name="Pia Lund")
    page.goto(f"{live_server.url}/console/sign-in?next=/console/requests/")
    page.locator("[name=username]").fill("pia")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator("[data-row]")).to_have_count(3)
    page.wait_for_load_state()  # the keys are known once the page's script has run
    return page


def test_a_privacy_officer_works_a_whole_list_by_keyboard(console: Page) -> None:
    numbers = list(Case.objects.order_by("due_utc", "number").values_list("number", flat=True))
    press = console.keyboard.press
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
        expect(console.locator("#opened")).to_be_focused()

    assert set(Case.objects.values_list("assigned_to", flat=True)) == {"pia"}
    console.set_viewport_size({"width": 800, "height": 800})
    press("k")
    expect(console.locator("#opened-h")).to_contain_text(numbers[1])


def test_rows_are_selected_by_keyboard_and_changed_at_once(console: Page) -> None:
    press = console.keyboard.press
    # What needs a decision is listed in two groups of Work.
    console.evaluate("(row => row.parentNode.append(row.cloneNode(true)))(document.querySelector('[data-row]'))")
    press("j")
    press("x")
    expect(console.locator("[data-picked]")).to_have_text("1 selected")
    expect(console.locator("[name=pick]").last).to_be_checked()
    press("j")
    press("x")
    console.locator("#bulk button").press("Enter")
    expect(console.get_by_role("heading", level=1)).to_have_text("Assign: 2 requests")
    console.get_by_role("button", name="Assign (2)").press("Enter")
    expect(console.get_by_role("status").last).to_contain_text("All 2 were changed.")
    assert Case.objects.filter(assigned_to="pia").count() == 2


def test_a_long_change_goes_on_by_itself_until_it_is_done(console: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "SLICE_SECONDS", 0.0)
    for box in console.locator("[name=pick]").all():
        box.check()
    console.get_by_role("button", name="Preview").click()
    console.get_by_role("button", name="Assign (3)").click()
    expect(console.get_by_role("status").last).to_contain_text("All 3 were changed.")
    assert set(Case.objects.values_list("assigned_to", flat=True)) == {"pia"}


def test_lists_views_previews_and_runs_fit_a_telephone_and_a_desktop(console: Page) -> None:
    run = BulkRun.objects.create(
        id=new_id(),
        user=User.objects.get(username="pia"),
        work="requests",
        act="assign",
        typed={},
        numbers=["P-2026-0001", "P-2026-0002"],
        position=1,
        failed=[["P-2026-0001", "This request is closed and can’t be changed."]],
        query="",
        begun_utc=datetime.now(UTC),
        ended_utc=datetime.now(UTC),
    )
    number = Case.objects.values_list("number", flat=True)[0]
    paths = (
        "",
        "requests/",
        "requests/?kind=question",
        f"requests/{number}/",
        f"requests/bulk/{run.pk}/",
        "people/",
        "policy",
    )
    origin = console.url.partition("/console/")[0]
    for scheme in SCHEMES:
        look_at(console, [f"{origin}/console/{path}" for path in paths], scheme=scheme)


def test_a_list_shows_what_is_new_without_a_reload_and_keeps_the_focus(console: Page) -> None:
    console.evaluate("document.body.dataset.sameDocument = 'yes'")
    console.keyboard.press("j")
    first = console.locator("[data-row] th a").first.get_attribute("href")
    values = {"name": "Bob", "email": "bob@northgate.example", "note": "Why?"}
    at, person = datetime.now(UTC), known_person(values, channel="form.privacy")
    case = actions.open_case(
        kinds()["question"], actions.CaseArrival(id=new_id(), person=person, manner="form", at_utc=at)
    ).case
    actions.verify(case.id, at_utc=at, way="mailed link")

    console.evaluate("refresh()")

    expect(console.locator("[data-row]")).to_have_count(4)
    expect(console.locator("[data-pick-all]").first).to_be_visible()
    assert console.evaluate("document.activeElement.getAttribute('href')") == first
    assert console.evaluate("document.body.dataset.sameDocument") == "yes"
