"""What was made for somebody stays in no cache, and goes from the browser when the session ends.

Each address of the site is asked by those who are signed in in test_asvs_answers.py.
"""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import BrowserType, expect
from tests.accounts import ALICE, PASSWORD, account, post
from tests.visits import BROWSER, send, signed_in, visitor

from troth.security import sessions
from troth.security.models import User

pytestmark = pytest.mark.usefixtures("site")


def test_a_visitors_pages_may_be_kept_and_asked_for_again() -> None:
    assert visitor().get("/", **BROWSER).headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("page", ["receipt", "/history/{}/", "/account/reset/{}/", "/unsubscribe/{}/"])
def test_a_page_behind_a_private_link_may_not_be_kept(page: str) -> None:
    form = {"name": ALICE["name"], "email": ALICE["email"], "note": "Hello"}
    there = send(visitor(), "/contact/", form)["Location"] if page == "receipt" else page.format("nobody-knows-this")
    answer = visitor().get(there, **BROWSER)
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.asvs("V14.3.1")
@pytest.mark.parametrize("way", ["sign-out", "elsewhere", "late"])
def test_when_a_customers_session_ends_her_browser_is_told_to_empty_its_cache(run_jobs: Any, way: str) -> None:
    client = account(ALICE, run_jobs)
    assert "Clear-Site-Data" not in client.get("/account/", **BROWSER).headers
    later = timezone.now()
    if way == "sign-out":
        answer = post(client, "/sign-out/")
    elif way == "elsewhere":
        sessions.end(User.objects.at(ALICE["email"]))
        answer = client.get("/", **BROWSER)
    else:
        later += timedelta(days=31)
        with time_machine.travel(later):
            answer = client.get("/", **BROWSER)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.asvs("V14.3.1")
def test_when_staff_sign_out_the_browser_is_told_too() -> None:
    assert post(signed_in(), "/console/sign-out").headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.asvs("V14.3.1")
def test_the_back_button_after_signing_out_shows_nobody(
    run_jobs: Any, live_server: Any, browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> None:
    """In a browser that keeps whole pages, as everybody's does."""
    account(ALICE, run_jobs)
    keeps = browser_type.launch(**browser_type_launch_args, ignore_default_args=["--disable-back-forward-cache"])
    page = keeps.new_context(base_url=live_server.url.replace("127.0.0.1", "localhost")).new_page()
    page.goto("/sign-in/")
    page.locator("main #address").fill(ALICE["email"])
    page.locator("main #password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto("/quote/")
    expect(page.locator("body")).to_contain_text(ALICE["name"])
    page.goto("/account/")
    page.locator('form[action="/sign-out/"] button:visible').click()
    expect(page.get_by_role("banner")).to_contain_text("Sign in")
    page.go_back()
    expect(page.locator("body")).not_to_contain_text(ALICE["name"])
    page.go_back()
    page.wait_for_load_state()
    assert ALICE["name"] not in page.content()
    assert ALICE["email"] not in page.content()
    keeps.close()
