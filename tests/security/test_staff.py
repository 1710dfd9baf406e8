"""Staff open the console with two factors; only the demonstration is content with one, and says so."""

import pytest
from tests.visits import BROWSER, PASSWORD, staff, text, visitor

from troth.security.factors import codes
from troth.security.factors.models import Authenticator

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def real_site(settings):
    settings.TROTH_DEMO = False


def entered():
    staff()
    browser = visitor()
    browser.post("/console/sign-in", {"username": "ines", "password": PASSWORD}, **BROWSER)
    return browser


def test_the_demonstration_says_that_it_is_content_with_a_password():
    assert "In the demo, a password is enough. A real site requires" in text(visitor().get("/console/sign-in"))


@pytest.mark.asvs("V6.3.3")
@pytest.mark.usefixtures("real_site")
def test_without_a_second_factor_the_console_leads_to_setting_one_up():
    browser = entered()
    assert browser.get("/console/").headers["Location"] == "/account/app/"
    assert "Add an authenticator app" in text(browser.get("/account/app/"))
    user = staff()
    secret = codes._secret(Authenticator.objects.get(user=user))
    import time

    code = codes._totp(secret).generate(int(time.time())).decode()
    assert "Recovery codes" in text(browser.post("/account/app/", {"code": code}, **BROWSER))
    assert browser.get("/console/").status_code == 200


@pytest.mark.asvs("V6.3.4")
@pytest.mark.usefixtures("real_site")
def test_with_a_second_factor_a_password_alone_opens_nothing():
    user = staff()
    secret = codes.offer(user, {})
    assert codes.prove(user, _code(secret, -30), at_utc=_now())
    browser = entered()
    assert browser.get("/console/").status_code == 302
    assert browser.post("/sign-in/code/", {"code": _code(secret, 0)}, **BROWSER).headers["Location"] == "/console/"
    page = browser.get("/console/")
    assert page.status_code == 200
    assert "demonstration" not in text(page)


@pytest.mark.usefixtures("real_site")
def test_half_an_hour_without_a_click_ends_the_session_of_staff(time_machine):
    time_machine.move_to("2026-11-23T12:00:00+00:00")
    browser = entered()
    time_machine.move_to("2026-11-23T12:25:00+00:00")
    assert browser.get("/account/").status_code == 200
    time_machine.move_to("2026-11-23T12:56:00+00:00")
    assert browser.get("/account/").status_code == 303


def test_the_address_page_tells_staff_that_they_have_none():
    assert "there is no address to change" in text(entered().get("/account/address/"))


def _now():
    from django.utils import timezone

    return timezone.now()


def _code(secret: bytes, seconds: int) -> str:
    return codes._totp(secret).generate(int(_now().timestamp()) + seconds).decode()
