"""A salesperson clears a page of quotes by keyboard alone, and none of them is lost from sight."""

from typing import Any

from playwright.sync_api import Page, expect
from tests.visits import MARISOL, PASSWORD, send, staff, visitor

from troth.cases.thread import CaseMessage
from troth.desk.lists import pages
from troth.uses.quotes.models import QuoteRequest

QUOTES, KEYS_FOR_ONE = 10, 4


def test_a_salesperson_clears_ten_quotes(
    site: Any, live_server: Any, page: Page, run_jobs: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(pages, "ROWS_A_PAGE", 4)  # the list has three pages
    for number in range(QUOTES):
        send(visitor(), "/quote/", MARISOL | {"email": f"buyer{number}@halden-valve-works.example"})
    run_jobs()
    staff("ines", name="Ines Moreau")
    page.goto(f"{live_server.url}/console/sign-in?next=/console/quotes/")
    page.locator("[name=username]").fill("ines")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("[data-keys-button]")).to_be_visible()
    page.wait_for_load_state()
    pressed, answered = 0, list[str]()

    def press(key: str) -> None:
        nonlocal pressed
        pressed += 1
        page.keyboard.press(key)

    press("j")
    press("Enter")
    for _each in range(QUOTES):
        # What was answered waits for its customer, and goes to the end of the list.
        expect(page.locator("#opened")).to_contain_text(f"1 of {QUOTES}")
        page.wait_for_load_state()
        answered.append(page.locator("#opened-h span").inner_text())
        press("c")
        press("Enter")
        expect(page.locator("#opened")).to_contain_text(f"buyer{int(answered[-1][-4:]) - 1}@")
        page.wait_for_load_state()
        press("r")
        expect(page.locator("#answer-words")).to_be_focused()
        page.keyboard.type("Our offer.")
        press("Control+Enter")
        expect(page.locator(".notice.undo")).to_contain_text(f"Your answer to {answered[-1]} leaves")
    expect(page.locator(".notice.undo")).to_contain_text("It was the last one of this list to answer.")
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(page.locator("#answer-words")).to_have_value("Our offer.")

    assert answered == list(QuoteRequest.objects.order_by("due_utc", "number").values_list("number", flat=True))
    assert pressed == 2 + QUOTES * KEYS_FOR_ONE
    assert CaseMessage.objects.filter(who="staff:ines").count() == QUOTES - 1
