"""A case from an email to closed, on both sides; the staff's by keyboard alone."""

import re
from typing import Any

from playwright.sync_api import Browser, Page, expect
from tests.accounts import emails_to
from tests.collection.test_mail_routing import receive
from tests.uses.test_support import ASKED, leave
from tests.visits import PASSWORD, staff

from troth.collection.mailbox import sandbox
from troth.desk.models import Snippet
from troth.site import site as site_of
from troth.uses.support.models import SupportCase


def to(page: Page, selector: str) -> None:
    """Tab by tab until it has the focus."""
    for _press in range(80):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"No key leads to {selector}.")


def shows(page: Page, selector: str, words: str) -> None:
    """The page with these words has come whole, its script too: keys act from now on."""
    expect(page.locator(selector)).to_contain_text(words)
    page.wait_for_load_state()


def send_email() -> None:
    to = site_of().brand.support_email
    receive(f"From: {ASKED['name']} <{ASKED['email']}>\nTo: {to}\nSubject: Report server\n\n{ASKED['note']}\n")
    sandbox.close()


def mailed_link(address: str) -> str:
    body = emails_to(ASKED["email"])[-1].get_body(("plain",)).get_content()
    found = re.search(r"http://[^/\s]+(/conversation/\S+)", body)
    assert found, body
    return address + found[1]


def test_a_case_from_an_email_to_closed_on_both_sides(
    site: Any, live_server: Any, browser: Browser, page: Page, run_jobs: Any
) -> None:
    theirs = browser.new_context().new_page()
    send_email()
    run_jobs()
    Snippet.objects.create(
        name="Restart",
        words="Hello {name},\n\nplease restart it.",
        saved_by="staff:yusuf",
        saved_utc="2026-11-01T00:00Z",
    )
    staff("yusuf", role="support", name="Yusuf Adeyemi")
    press, typed = page.keyboard.press, page.keyboard.type
    page.goto(f"{live_server.url}/console/sign-in?next=/console/support/")
    to(page, "[name=username]")
    typed("yusuf")
    to(page, "[name=password]")
    typed(PASSWORD)
    press("Enter")
    expect(page.locator("[data-keys-button]")).to_be_visible()
    page.wait_for_load_state()
    press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    press("j")
    press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    press("j")
    press("Enter")
    shows(page, "#opened-h", "S-")
    expect(page.locator("[data-row].open th a")).to_be_focused()
    press("a")
    shows(page, ".notice.undo", "You assigned")
    press("p")
    to(page, "button[value=contact]")
    press("Enter")
    shows(page, "#opened", "seat not released")
    press("s")
    expect(page.locator("select[name=snippet]")).to_be_focused()
    typed("Restart")
    to(page, "button[value=insert]")
    press("Enter")
    expect(page.locator("#answer-words")).to_have_value(re.compile("^Hello Marisol Vance,\n\nplease restart it"))
    page.wait_for_load_state()
    press("r")
    expect(page.locator("#answer-words")).to_be_focused()
    press("Control+End")
    typed("\n\nYusuf")
    press("Control+Enter")
    shows(page, "main", "leaves in a few seconds.")
    leave(run_jobs)

    theirs.goto(mailed_link(live_server.url))
    theirs.get_by_role("button", name="Show the messages").click()
    expect(theirs.locator("#messages")).to_contain_text("please restart it")
    theirs.locator("[name=message]").fill("It runs. Thank you!")
    theirs.get_by_role("button", name="Send reply", exact=True).click()
    expect(theirs.locator("#messages")).to_contain_text("It runs. Thank you!")

    press("p")
    page.reload()
    shows(page, "#opened", "It runs. Thank you!")
    press("p")
    to(page, "button[value=answer]")
    press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Close case")
    to(page, "button[value=answer]")
    press("Enter")
    expect(page.locator("#opened")).to_contain_text("Marked as answered by Yusuf Adeyemi")
    run_jobs()

    theirs.goto(mailed_link(live_server.url))
    theirs.get_by_role("button", name="Show the messages").click()
    theirs.get_by_label("Very good").check()
    theirs.get_by_role("button", name="Send rating").click()
    expect(theirs.locator("#rate-h")).to_be_visible()
    case = SupportCase.objects.get()
    assert (case.state, case.rating, case.assigned_to, case.messages.count()) == ("answered", "5", "yusuf", 3)
    theirs.context.close()
