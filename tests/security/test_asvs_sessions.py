"""Sessions: made and ended by the server alone, new at each proof of who somebody is."""

import base64
import json
import secrets
from typing import Any

import pytest
from django.core import signing
from tests.accounts import ALICE, PASSWORD, account, post, sign_in
from tests.visits import BROWSER, staff, visitor
from tests.visits import PASSWORD as STAFF_PASSWORD

from troth.security.models import User
from troth.security.sessions import Session

pytestmark = pytest.mark.usefixtures("site")
COOKIE = "troth-session"


def alice() -> User:
    return User.objects.get(role="")


def opens(cookie: str) -> bool:
    """Whether somebody with this cookie alone sees the account."""
    browser = visitor()
    browser.cookies[COOKIE] = cookie
    return browser.get("/account/").status_code == 200


@pytest.mark.asvs("V7.2.1")
def test_only_what_the_server_gave_and_still_keeps_opens_a_session(run_jobs: Any) -> None:
    cookie = account(ALICE, run_jobs).cookies[COOKIE].value
    assert opens(cookie)
    said = {"_auth_user_id": str(alice().pk), "_auth_user_backend": "troth.security.entry.ByAddress"}
    made_up = [
        cookie[:-1] + ("a" if cookie[-1] != "a" else "b"),
        cookie[:-1],
        cookie.upper(),
        cookie + cookie,
        "",
        secrets.token_urlsafe(24),
        str(alice().pk),
        str(Session.objects.get(user=alice()).number),
        Session.objects.get(user=alice()).session_data,
        base64.b64encode(json.dumps(said).encode()).decode(),
        signing.dumps(said, key="a key of somebody else's"),
    ]
    assert [each for each in made_up if opens(each)] == []
    Session.objects.filter(user=alice()).delete()
    assert not opens(cookie), "the server forgot it, and the cookie opens all the same"


@pytest.mark.asvs("V7.2.1")
def test_a_session_that_somebody_rewrote_in_the_table_opens_nothing(run_jobs: Any) -> None:
    cookie = account(ALICE, run_jobs).cookies[COOKIE].value
    whole = Session.objects.get(user=alice()).session_data
    Session.objects.filter(user=alice()).update(session_data=f"x{whole[1:]}")
    assert not opens(cookie)


@pytest.mark.asvs("V7.2.2")
def test_no_lasting_key_takes_the_place_of_a_session_and_no_two_sessions_are_alike(run_jobs: Any) -> None:
    account(ALICE, run_jobs)
    cookies = {sign_in(ALICE["email"]).cookies[COOKIE].value for _time in range(3)}
    assert len(cookies) == 3
    basic = base64.b64encode(f"{ALICE['email']}:{PASSWORD}".encode()).decode()
    for headers in (
        {"authorization": f"Basic {basic}"},
        {"authorization": f"Bearer {PASSWORD}"},
        {"x-api-key": PASSWORD},
        {"remote-user": alice().username},
        {"x-forwarded-user": alice().username},
    ):
        assert visitor().get("/account/", headers=headers).status_code == 303
        assert visitor().get("/console/", headers=headers).status_code == 302


@pytest.mark.asvs("V7.2.4")
def test_showing_the_password_again_gives_the_session_a_new_key_and_ends_the_old_one(
    run_jobs: Any, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-23T12:00:00+00:00")
    browser = account(ALICE, run_jobs)
    before = browser.cookies[COOKIE].value
    time_machine.move_to("2026-11-23T12:16:00+00:00")
    assert post(browser, "/account/again/", {"password": PASSWORD, "next": "/account/app/"}).status_code == 303
    after = browser.cookies[COOKIE].value
    assert after != before
    assert browser.get("/account/app/").status_code == 200
    assert (opens(after), opens(before)) == (True, False)


@pytest.mark.asvs("V7.2.4")
def test_signing_in_over_a_session_of_somebody_else_ends_that_one(run_jobs: Any) -> None:
    staff()
    browser = account(ALICE, run_jobs)
    before = browser.cookies[COOKIE].value
    form = {"username": "ines", "password": STAFF_PASSWORD}
    assert browser.post("/console/sign-in", form, **BROWSER).status_code == 303
    assert browser.cookies[COOKIE].value != before
    assert not opens(before)


@pytest.mark.asvs("V7.6.2")
@pytest.mark.asvs("V7.2.4")
def test_a_session_that_a_stranger_planted_is_not_the_one_that_is_signed_in(run_jobs: Any) -> None:
    account(ALICE, run_jobs)
    planted = secrets.token_urlsafe(24)
    browser = visitor()
    browser.cookies[COOKIE] = planted
    assert sign_in(ALICE["email"], client=browser).status_code == 303
    assert browser.cookies[COOKIE].value != planted
    assert not opens(planted)
