"""Accounts in a browser: without JavaScript but for passkeys, which a virtual authenticator makes and shows."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.accounts import ALICE, PASSWORD, account, emails_to, link_in, post, sign_up
from tests.journeys.test_axe import findings, sideways

from troth.security.factors import codes
from troth.security.factors.models import Authenticator
from troth.security.models import User
from troth.security.sessions import Session

Visit = Callable[[str], Page]


@pytest.fixture
def plain(browser: Browser, site: Any, live_server: Any) -> Iterator[Visit]:
    """A browser without JavaScript."""
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()

    def there(address: str) -> Page:
        page.goto(address)
        return page

    yield there
    context.close()


@pytest.fixture
def at_home(site: Any, live_server: Any, page: Page) -> Visit:
    """A browser with JavaScript, at http://localhost: passkeys know no bare address."""

    def there(address: str) -> Page:
        page.goto(live_server.url.replace("127.0.0.1", "localhost") + address)
        return page

    return there


def _fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"main #{name}").fill(value)


def _enter(page: Page) -> None:
    _fill(page, address=ALICE["email"], password=PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.clause("A1")
def test_from_signing_up_to_signing_out_without_javascript(plain, run_jobs):
    page = plain("/")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Create an account").click()
    _fill(page, name=ALICE["name"], email="alice.marchetti@halden", password="short")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("alert")).to_contain_text("The address ends after “halden”")
    _fill(page, email=ALICE["email"], password=PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    run_jobs()
    page = plain(link_in(emails_to(ALICE["email"])[-1]))
    _fill(page, password=PASSWORD)
    page.get_by_role("button", name="Confirm address").click()
    expect(page.get_by_role("navigation", name="Main").get_by_text("Alice Marchetti")).to_be_visible()
    page.get_by_role("navigation", name="Your portal").get_by_role("link", name="Data & history").click()
    expect(page.get_by_text("You signed in to your account.")).to_be_visible()
    page.get_by_role("link", name="What we hold").click()
    expect(page.get_by_role("cell", name=ALICE["email"])).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Quotes").click()
    expect(page.locator("#name")).to_have_value("Alice Marchetti")
    expect(page.locator("#email")).to_have_value(ALICE["email"])
    page = plain("/account/")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    _enter(plain("/sign-in/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Requests")


@pytest.mark.clause("A1")
@pytest.mark.asvs("V6.7.2")
def test_a_passkey_is_made_and_opens_the_account_without_a_password(at_home, run_jobs):
    page = _opened(at_home, run_jobs)
    _virtual_authenticator(page)
    page.get_by_role("navigation", name="Your portal").get_by_role("link", name="Account").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Create a passkey").click()
    expect(page.get_by_text("You added a passkey.")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page = at_home("/sign-in/?next=/account/data/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("History of your data")
    page = at_home("/account/address/")
    page.locator("main #address").fill("alice@elsewhere.example")
    Session.objects.all().delete()
    page.get_by_role("button", name="Send confirmation email").click()
    expect(page.get_by_text("Your session ended, so nothing was sent.")).to_be_visible()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("main #address")).to_have_value("alice@elsewhere.example")
    page = at_home("/account/")
    expect(page.get_by_role("cell", name="passkey", exact=True)).to_be_visible()
    page.locator("summary", has_text="Remove passkey").click()
    page.get_by_role("button", name="Remove passkey", exact=True).click()
    expect(page.get_by_text("You removed the passkey.")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page = at_home("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("This passkey doesn’t belong to an account here.")).to_be_visible()
    run_jobs()
    subjects = [mail["Subject"] for mail in emails_to(ALICE["email"])]
    assert {"An authenticator app or passkey was added", "An authenticator app or passkey was removed"} <= set(subjects)


def test_no_finding_on_the_pages_of_accounts(at_home, run_jobs):
    for address in ("/sign-in/", "/sign-in/forgotten/", "/account/new/", "/account/confirm/nothing-here-to-find/"):
        _look(at_home(address))
    page = at_home("/account/new/")
    page.get_by_role("button", name="Create account").click()
    _look(page)
    page = _opened(at_home, run_jobs, look=_look)
    for address in ("/account/", "/account/data/", "/account/password/", "/account/address/", "/account/passkey/"):
        _look(at_home(address))
    _look(at_home("/account/requests/"))
    page = at_home("/privacy/requests/")
    _look(page)
    page.get_by_role("button", name="Make request: A copy of my data").click()
    expect(page.get_by_role("button", name="Show my data")).to_be_visible()
    _look(page)
    page = at_home("/account/products/")
    page.locator("details.menu summary").click()
    _look(page)
    page = at_home("/account/app/")
    _look(page)
    secret = codes._secret(Authenticator.objects.get(user=User.objects.get()))
    _fill(page, code="000000")
    page.get_by_role("button", name="Add app").click()
    _look(page)
    _fill(page, code=codes._totp(secret).generate(int(page.evaluate("Date.now()")) // 1000).decode())
    page.get_by_role("button", name="Add app").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Save your recovery codes")
    expect(page.get_by_role("status").first).to_contain_text("You added an authenticator app.")
    _look(page)
    _look(at_home("/account/app/"))
    at_home("/account/").get_by_role("button", name="Sign out", exact=True).click()
    page = at_home("/sign-in/")
    _enter(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Two-step verification")
    _look(page)


def _opened(at_home: Visit, run_jobs: Callable[[], None], *, look: Callable[[Page], None] = lambda page: None) -> Page:
    """The page of requests of somebody who has just confirmed her address in this browser."""
    sign_up(ALICE)
    run_jobs()
    page = at_home(link_in(emails_to(ALICE["email"])[-1]))
    look(page)
    _fill(page, password=PASSWORD)
    page.get_by_role("button", name="Confirm address").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Requests")
    return page


def _look(page: Page) -> None:
    assert findings(page) == [], page.url
    assert sideways(page) == 0, page.url
    page.set_viewport_size({"width": 1280, "height": 900})


def _virtual_authenticator(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_two_colleagues_begin_an_organization_and_share(at_home: Visit, run_jobs: Callable[[], None]) -> None:
    """By keyboard and mouse as people do: she begins it, invites, lets in; every page is looked at."""
    page = _opened(at_home, run_jobs)
    _look(at_home("/organization/"))
    page.get_by_label("Organization name").fill("Halden Valve Works")
    page.get_by_role("button", name="Create organization", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Halden Valve Works")
    page.get_by_label("Email address").fill("new.colleague@elsewhere.example")
    page.get_by_label("Role").select_option("viewer")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text("new.colleague@elsewhere.example", exact=True)).to_be_visible()
    colleague = {"name": "Carol Jensen", "email": "carol@halden-valve-works.example"}
    client = account(colleague, run_jobs)
    post(client, "/organization/", {"do": "ask"})
    page = at_home("/organization/")
    expect(page.get_by_role("heading", name="Requests to join")).to_be_visible()
    _look(page)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", name="2 members")).to_be_visible()
    page.get_by_text("Remove", exact=True).click()
    _look(page)
