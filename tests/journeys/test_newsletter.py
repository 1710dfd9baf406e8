"""A reader in a browser: signs up, confirms, reads an issue, pauses, leaves and comes back; without scripts or cookies.

Without scripts nothing can be checked for accessibility, so the pages are opened once more in a browser that has them.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.access.hers import chosen, preferences_of
from tests.journeys.test_axe import findings, sideways
from tests.journeys.test_quote_story import page_without_cookies
from tests.uses.test_newsletters import ADA, _mail, _path

from troth import gate
from troth.uses.newsletter import issues
from troth.uses.newsletter.issues import WrittenIssue
from troth.uses.newsletter.models import Issue, SignUp

__all__ = ["page_without_cookies"]


def test_she_signs_up_confirms_reads_pauses_leaves_and_comes_back(
    site: Any, live_server: Any, page_without_cookies: Page, page: Page, run_jobs: Any
) -> None:
    checked, page = page, page_without_cookies
    issue, _older = _make_issue(), _make_issue("Recipes side by side", days=30)
    first = _sign_up(page, run_jobs)
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re signed up for “Process manufacturing”")
    page.goto("/newsletters/")
    page.get_by_role("link", name="Recall in two minutes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recall in two minutes")
    expect(page.locator("article")).to_contain_text("A lot number is enough.")
    page.get_by_role("link", name="Recipes side by side").click()
    page.get_by_role("link", name="Recall in two minutes").click()
    page.goto(preferences_of(first.person_id))
    expect(page.get_by_label("Process manufacturing")).to_be_checked()
    page.get_by_role("button", name="Pause these emails").click()
    expect(page.get_by_role("status").first).to_contain_text("You paused “Newsletters” until")
    assert not list(gate.select("newsletter", "email", topic="process"))
    assert chosen(first.person_id)[-1] == ("newsletter", False)
    for address in ("/newsletters/", f"/newsletters/{issue.slug}/", "/newsletters/sign-up/", page.url):
        checked.goto(address if "://" in address else live_server.url + address)
        assert findings(checked) == [], address
        assert sideways(checked) == 0, address
    page.get_by_role("button", name="End pause").click()
    assert list(gate.select("newsletter", "email", topic="process")) == [first.person_id]
    page.get_by_role("region", name="Newsletters").get_by_role("button", name="Unsubscribe from all of these").click()
    expect(page.get_by_role("status").first).to_contain_text("You opted out of “Newsletters”")
    assert set(chosen(first.person_id)[-2:]) == {("newsletter", False), ("newsletter/process", False)}
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
    page.get_by_role("button", name="Confirm sign-up").click()
    return found


def _make_issue(subject: str = "Recall in two minutes", *, days: int = 0) -> Issue:
    """One that was sent a while ago."""
    now = timezone.now() - timedelta(days=days)
    text = "A lot number is enough.\n\n# What changed\n\n- One page that prints\n"
    written = WrittenIssue(
        purpose="newsletter",
        topic="process",
        subject=subject,
        text=text,
        segment=None,
        language="en",
    )
    issue = issues.save(None, written, who="staff:colette", at_utc=now)
    issues.make_former(issue, (40, 39, 1, 0, 0), at_utc=now)
    return issue
