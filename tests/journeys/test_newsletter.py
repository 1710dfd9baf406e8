"""A reader in a browser: signs up, confirms, reads an issue, pauses, leaves and comes back; without scripts or cookies."""

from typing import Any

from playwright.sync_api import Page, expect
from tests.access.hers import chosen, preferences_of
from tests.journeys.test_quote_story import page_without_cookies
from tests.uses.test_newsletters import ADA, _mail, _path

from troth import gate
from troth.uses.newsletter.models import SignUp

__all__ = ["page_without_cookies"]


def test_she_signs_up_confirms_pauses_leaves_and_comes_back(
    site: Any, page_without_cookies: Page, run_jobs: Any
) -> None:
    page = page_without_cookies
    first = _sign_up(page, run_jobs)
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re signed up for “Process manufacturing”")
    page.goto("/newsletters/")
    expect(page.get_by_role("heading", name="Process manufacturing")).to_be_visible()
    page.goto(preferences_of(first.person_id))
    expect(page.get_by_label("Process manufacturing")).to_be_checked()
    page.get_by_role("button", name="Start pause").click()
    assert not list(gate.select("newsletter", "email", topic="process"))
    page.get_by_role("button", name="End pause").click()
    assert list(gate.select("newsletter", "email", topic="process")) == [first.person_id]
    page.get_by_role("region", name="Newsletters").get_by_role("button", name="Unsubscribe from all of these").click()
    expect(page.get_by_role("status").first).to_contain_text("You opted out of “Newsletters”.")
    assert chosen(first.person_id)[-1] == ("newsletter", False)
    again = _sign_up(page, run_jobs)
    assert list(gate.select("newsletter", "email", topic="process")) == [again.person_id]


def _sign_up(page: Page, run_jobs: Any) -> SignUp:
    """From the form to the button behind the emailed link."""
    page.goto("/newsletters/sign-up/")
    page.locator("#email").fill(ADA["email"])
    page.locator("#news").select_option(ADA["news"])
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    run_jobs()
    found = SignUp.objects.latest("asked_utc")
    page.goto(_path(_mail("newsletter/confirm", found.pk)[1]))
    page.get_by_role("button", name="Confirm newsletter").click()
    return found
