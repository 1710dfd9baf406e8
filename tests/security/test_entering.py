"""Who opens an account, by what, and how nobody else does."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.accounts import ALICE, BOB, OTHER_PASSWORD, PASSWORD, account, emails_to, link_in, post, sign_in
from tests.visits import BROWSER, opened, text, visitor

from troth.records import ledger
from troth.security import entry
from troth.security.factors import codes
from troth.security.factors.models import Authenticator
from troth.security.models import User
from troth.security.sessions import Session

pytestmark = pytest.mark.usefixtures("site")


def alice() -> User:
    found = User.objects.at(ALICE["email"])
    assert found is not None
    return found


def app_code(user: User, at_utc: datetime | None = None) -> str:
    """What the user's app shows."""
    secret = codes._secret(Authenticator.objects.get(user=user))
    return codes._totp(secret).generate(int(at_utc.timestamp() if at_utc else time.time())).decode()


def with_app(browser: Client) -> list[str]:
    """Adds an app to Alice's account; gives the codes for the drawer."""
    browser.get("/account/app/")
    page = post(browser, "/account/app/", {"code": app_code(alice())}).content.decode()
    found = re.findall(r"<code>([A-Z2-7]{4}-[A-Z2-7]{4})</code>", page)
    assert len(found) == 10, page
    return found


def test_upper_case_in_the_address_is_the_same_account(run_jobs):
    account(ALICE, run_jobs)
    assert sign_in(ALICE["email"].upper()).status_code == 303


@pytest.mark.asvs("V7.2.4")
def test_the_session_has_another_key_after_signing_in(run_jobs):
    account(ALICE, run_jobs)
    browser = visitor()
    before = sign_in(ALICE["email"], client=browser).cookies["troth-session"].value
    after = sign_in(ALICE["email"], client=browser).cookies["troth-session"].value
    assert before != after


@pytest.mark.asvs("V7.2.3")
def test_the_table_of_sessions_opens_no_session(run_jobs):
    browser = account(ALICE, run_jobs)
    cookie = browser.cookies["troth-session"].value
    row = Session.objects.get(user=alice())
    assert cookie not in (row.session_key, row.session_data)
    thief = visitor()
    thief.cookies["troth-session"] = row.session_key
    assert thief.get("/account/").status_code == 303


@pytest.mark.asvs("V7.4.1")
def test_signing_out_ends_the_session_on_the_server(run_jobs):
    browser = account(ALICE, run_jobs)
    cookie = browser.cookies["troth-session"].value
    assert "You signed out." in text(browser.get(post(browser, "/sign-out/").headers["Location"]))
    thief = visitor()
    thief.cookies["troth-session"] = cookie
    assert thief.get("/account/").status_code == 303
    assert not Session.objects.filter(user=alice()).exists()


@pytest.mark.asvs("V7.3.1")
@pytest.mark.asvs("V7.3.2")
def test_a_session_ends_without_visits_and_in_the_end(run_jobs, time_machine):
    start = datetime.now(UTC)  # the database's clock goes on meanwhile
    browser = account(ALICE, run_jobs)
    for days in (13, 26):
        time_machine.move_to(start + timedelta(days=days))
        assert browser.get("/account/").status_code == 200
    time_machine.move_to(start + timedelta(days=30, minutes=5))
    assert browser.get("/account/").status_code == 303


@pytest.mark.asvs("V7.5.2")
def test_the_list_of_sessions_shows_no_address_and_no_agent_and_ends_others(run_jobs):
    here = account(ALICE, run_jobs)
    there = sign_in(ALICE["email"], REMOTE_ADDR="198.51.100.77", HTTP_USER_AGENT="Canary/77").client
    page = here.get("/account/").content.decode()
    assert page.count(">Sign out of this device<") == 1
    assert "198.51.100" not in page
    assert "Canary" not in page
    post(here, "/account/sessions/end", {"all": "yes"})
    assert there.get("/account/").status_code == 303
    assert here.get("/account/").status_code == 200


def test_nobody_ends_the_session_of_another(run_jobs):
    hers = account(ALICE, run_jobs)
    his = account(BOB, run_jobs)
    sent = {"number": str(Session.objects.get(user=alice()).number)}
    named = his.post("/account/sessions/end", sent, follow=True, **BROWSER)
    assert "That device isn’t signed in to your account." in text(named)
    assert hers.get("/account/").status_code == 200


def test_a_device_that_cannot_be_read_is_no_device_and_not_all_of_them(run_jobs):
    here, there = account(ALICE, run_jobs), sign_in(ALICE["email"]).client
    for sent in ({}, {"number": ""}, {"number": "0"}, {"all": "all"}):
        assert "couldn’t tell what you chose" in text(here.post("/account/sessions/end", sent, follow=True, **BROWSER))
    assert there.get("/account/").status_code == 200


@pytest.mark.clause("C7")
@pytest.mark.asvs("V6.3.5")
def test_a_sign_in_from_an_unknown_device_is_told_and_one_from_a_known_is_not(run_jobs):
    browser = account(ALICE, run_jobs)
    sign_in(ALICE["email"], client=browser)
    run_jobs()
    assert [mail["Subject"] for mail in emails_to(ALICE["email"])] == ["Confirm your address"]
    sign_in(ALICE["email"])
    run_jobs()
    assert emails_to(ALICE["email"])[-1]["Subject"] == "New sign-in to your account"
    assert [entry.kind for entry in ledger.history(alice().person_id)].count("signed in") == 3


@pytest.mark.clause("C8")
def test_the_two_cookies_are_declared_and_carry_an_identifier_only(run_jobs):
    account(ALICE, run_jobs)
    answer = sign_in(ALICE["email"])
    assert set(answer.cookies) == {"troth-session", "troth-device"}
    for cookie in answer.cookies.values():
        assert (bool(cookie["httponly"]), cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
        assert re.fullmatch(r"[\w-]{32}", cookie.value)


@pytest.mark.asvs("V6.6.2")
def test_with_an_app_the_password_alone_opens_nothing(run_jobs):
    with_app(account(ALICE, run_jobs))
    browser = visitor()
    assert sign_in(ALICE["email"], client=browser).headers["Location"] == "/sign-in/code/"
    assert browser.get("/account/").status_code == 303
    wrong = browser.post("/sign-in/code/", {"code": "000000"}, **BROWSER)
    assert wrong.status_code == 400
    assert 'aria-describedby="code-error"' in wrong.content.decode()
    assert visitor().post("/sign-in/code/", {"code": app_code(alice())}, **BROWSER).headers["Location"] == "/sign-in/"
    assert browser.get("/account/").status_code == 303


@pytest.mark.asvs("V6.5.1")
@pytest.mark.asvs("V6.5.5")
def test_a_code_of_the_app_is_taken_once_and_not_when_it_is_old(run_jobs, time_machine):
    time_machine.move_to("2026-11-23T12:00:00+00:00", tick=False)
    with_app(account(ALICE, run_jobs))
    user, used = alice(), app_code(alice())
    old = app_code(user)
    time_machine.move_to("2026-11-23T12:00:31+00:00", tick=False)
    browser = sign_in(ALICE["email"]).client
    assert browser.post("/sign-in/code/", {"code": used}, **BROWSER).status_code == 400, "it proved the app"
    fresh = app_code(user)
    assert browser.post("/sign-in/code/", {"code": fresh}, **BROWSER).status_code == 303
    second = sign_in(ALICE["email"]).client
    assert second.post("/sign-in/code/", {"code": fresh}, **BROWSER).status_code == 400
    time_machine.move_to("2026-11-23T12:02:00+00:00", tick=False)
    assert second.post("/sign-in/code/", {"code": old}, **BROWSER).status_code == 400


@pytest.mark.asvs("V6.5.2")
def test_a_code_from_the_drawer_opens_once(run_jobs):
    drawer = with_app(account(ALICE, run_jobs))
    browser = sign_in(ALICE["email"]).client
    assert browser.post("/sign-in/code/", {"code": drawer[0].lower()}, **BROWSER).status_code == 303
    again = sign_in(ALICE["email"]).client
    assert again.post("/sign-in/code/", {"code": drawer[0]}, **BROWSER).status_code == 400
    assert codes.recovery_codes_left(alice()) == 9


@pytest.mark.asvs("V6.6.3")
def test_the_sixth_code_waits_even_if_it_is_right(run_jobs):
    drawer = with_app(account(ALICE, run_jobs))
    browser = sign_in(ALICE["email"]).client
    for _try in range(5):
        browser.post("/sign-in/code/", {"code": "123456"}, **BROWSER)
    answer = browser.post("/sign-in/code/", {"code": drawer[0]}, **BROWSER)
    assert "Too many tries." in text(answer)


@pytest.mark.asvs("V6.1.1")
@pytest.mark.asvs("V6.3.1")
def test_guessing_waits_but_does_not_keep_the_owner_out_of_her_own_browser(run_jobs):
    browser = account(ALICE, run_jobs)
    for number in range(10):
        sign_in(ALICE["email"], "wrong", REMOTE_ADDR=f"198.51.{number}.7")
    assert sign_in(ALICE["email"], "wrong", REMOTE_ADDR="198.51.99.7").status_code == 429
    assert sign_in("nobody@nowhere.example", REMOTE_ADDR="198.51.98.7").status_code == 400
    assert sign_in(ALICE["email"], client=browser).status_code == 303


@pytest.mark.asvs("V6.3.8")
def test_a_known_and_an_unknown_address_get_the_same_page_after_the_same_work(run_jobs):
    account(ALICE, run_jobs)
    known, unknown = sign_in(ALICE["email"], "wrong"), sign_in("nobody@nowhere.example", "wrong")
    assert known.status_code == unknown.status_code == 400
    assert known.content.replace(ALICE["email"].encode(), b"") == unknown.content.replace(
        b"nobody@nowhere.example", b""
    )
    assert _asked(ALICE["email"]) == _asked("nobody@nowhere.example")


def _asked(address: str) -> list[str]:
    """What sign-in and the way to a new password ask the database for, without the values."""
    with CaptureQueriesContext(connection) as seen:
        sign_in(address, "wrong")
        visitor().post("/sign-in/forgotten/", {"address": address}, **BROWSER)
    asked = (query["sql"] for query in seen.captured_queries if "rate_count" not in query["sql"])
    return [re.sub(r"= \d+", "= N", sql)[:60] for sql in asked]


def test_an_unknown_address_costs_a_hash_like_a_wrong_password(monkeypatch):
    hashed = []
    monkeypatch.setattr(entry, "make_password", hashed.append)
    sign_in("nobody@nowhere.example", "wrong")
    assert hashed == ["wrong"]


@pytest.mark.asvs("V6.3.6")
def test_asking_for_a_new_password_tells_nothing_and_writes_to_the_owner_alone(run_jobs):
    account(ALICE, run_jobs)
    answers = [
        visitor().post("/sign-in/forgotten/", {"address": address}, **BROWSER)
        for address in (ALICE["email"], "nobody@nowhere.example")
    ]
    assert answers[0].content == answers[1].content
    run_jobs()
    assert emails_to("nobody@nowhere.example") == []
    assert emails_to(ALICE["email"])[-1]["Subject"] == "Reset your password"


@pytest.mark.asvs("V6.4.3")
def test_a_new_password_ends_every_session_and_keeps_the_second_factor(run_jobs):
    browser = account(ALICE, run_jobs)
    with_app(browser)
    visitor().post("/sign-in/forgotten/", {"address": ALICE["email"]}, **BROWSER)
    run_jobs()
    link = link_in(emails_to(ALICE["email"])[-1])
    answer = visitor().post(link, {"password": OTHER_PASSWORD}, **BROWSER)
    assert "Your password was changed" in text(answer)
    assert not answer.cookies
    assert browser.get("/account/").status_code == 303
    assert sign_in(ALICE["email"], PASSWORD).status_code == 400
    assert sign_in(ALICE["email"], OTHER_PASSWORD).headers["Location"] == "/sign-in/code/"
    assert visitor().get(link).status_code == 404


@pytest.mark.asvs("V6.5.5")
def test_ten_minutes_later_the_link_sets_no_password(run_jobs, time_machine):
    time_machine.move_to("2026-11-23T12:00:00+00:00")
    account(ALICE, run_jobs)
    visitor().post("/sign-in/forgotten/", {"address": ALICE["email"]}, **BROWSER)
    run_jobs()
    link = link_in(emails_to(ALICE["email"])[-1])
    time_machine.move_to("2026-11-23T12:11:00+00:00")
    assert visitor().get(link).status_code == 404


@pytest.mark.asvs("V6.2.2")
@pytest.mark.asvs("V6.2.3")
@pytest.mark.asvs("V7.4.3")
def test_the_password_changes_for_whoever_knows_the_present_one_and_other_sessions_end(run_jobs):
    here = account(ALICE, run_jobs)
    there = sign_in(ALICE["email"]).client
    wrong = post(here, "/account/password/", {"present": "wrong", "password": OTHER_PASSWORD})
    assert "This isn’t your current password." in text(wrong)
    assert 'id="present-error"' in wrong.content.decode(), "beside its field"
    assert post(here, "/account/password/", {"present": PASSWORD, "password": OTHER_PASSWORD}).status_code == 303
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 303
    run_jobs()
    assert "Your password was changed" in [mail["Subject"] for mail in emails_to(ALICE["email"])]


@pytest.mark.clause("A2")
@pytest.mark.asvs("V6.3.7")
def test_a_new_address_counts_once_it_is_proven_and_the_old_one_is_told(run_jobs):
    new = "alice@new-place.example"
    browser, stranger = account(ALICE, run_jobs), account(BOB, run_jobs)
    assert "Check your email" in text(post(browser, "/account/address/", {"address": new}))
    run_jobs()
    assert emails_to(ALICE["email"])[-1]["Subject"] == "Someone asked to change your email address"
    link = link_in(emails_to(new)[-1])
    assert sign_in(new).status_code == 400
    assert stranger.get(link).status_code == post(stranger, link).status_code == 404
    browser.get(link)
    assert sign_in(new).status_code == 400, "a look at the page changed it"
    assert post(browser, link).status_code == 303
    assert sign_in(new).status_code == 303
    assert sign_in(ALICE["email"]).status_code == 400
    run_jobs()
    assert emails_to(ALICE["email"])[-1]["Subject"] == "Your email address was changed"
    sign_in(new)
    run_jobs()
    assert emails_to(new)[-1]["Subject"] == "New sign-in to your account"


def test_a_change_of_address_that_waits_is_shown_mailed_again_and_canceled(run_jobs):
    new, browser, stranger = "alice@new-place.example", account(ALICE, run_jobs), account(BOB, run_jobs)
    assert re.search(r"Password set Set \w{3} \d", text(browser.get("/account/")))
    post(browser, "/account/address/", {"address": new})
    assert f"in progress We will email {new}." in text(browser.get("/account/"))
    run_jobs()
    first = link_in(emails_to(new)[-1])
    page = text(browser.get("/account/"))
    assert f"You’re changing it to {new}" in page
    assert f"done We notified {ALICE['email']}." in page
    assert f"waiting for you Open the link that we emailed to {new}. It works until" in page
    assert new not in text(stranger.get("/account/"))
    assert "again" in text(browser.get(post(browser, "/account/address/", {"do": "again"}).headers["Location"]))
    run_jobs()
    second = link_in(emails_to(new)[-1])
    assert first != second
    post(stranger, "/account/address/", {"do": "cancel"})
    assert f"You’re changing it to {new}" in text(browser.get("/account/"))
    canceled = text(browser.get(post(browser, "/account/address/", {"do": "cancel"}).headers["Location"]))
    assert "You canceled the change of your email address." in canceled
    assert "You’re changing it" not in canceled
    assert "You canceled the change that it was for." in text(browser.get(second))
    again = browser.get(post(browser, "/account/address/", {"do": "again"}).headers["Location"])
    assert "No change of your email address is waiting." in text(again)
    assert sign_in(ALICE["email"]).status_code == 303


def test_the_address_of_another_account_looks_like_any_other(run_jobs):
    browser = account(ALICE, run_jobs)
    account(BOB, run_jobs)
    free = post(browser, "/account/address/", {"address": "free@nowhere.example"})
    taken = post(browser, "/account/address/", {"address": BOB["email"]})
    token = rb'name="csrfmiddlewaretoken" value="[^"]+"'  # another one on each page
    assert re.sub(token, b"", free.content) == re.sub(token, b"", taken.content)
    run_jobs()
    assert emails_to(BOB["email"])[-1]["Subject"] == "You already have an account"


@pytest.mark.asvs("V7.5.1")
def test_a_quarter_of_an_hour_later_changes_ask_for_the_password_again(run_jobs, time_machine):
    time_machine.move_to("2026-11-23T12:00:00+00:00")
    browser = account(ALICE, run_jobs)
    time_machine.move_to("2026-11-23T12:16:00+00:00")
    asked = browser.get("/account/app/")
    assert asked.headers["Location"] == "/account/again/?next=%2Faccount%2Fapp%2F"
    assert post(browser, "/account/again/", {"password": "wrong", "next": "/account/app/"}).status_code == 400
    assert post(browser, "/account/again/", {"password": PASSWORD, "next": "/account/app/"}).status_code == 303
    assert browser.get("/account/app/").status_code == 200


@pytest.mark.asvs("V1.2.2")
@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_signing_in_leads_to_no_other_site(run_jobs, wanted):
    account(ALICE, run_jobs)
    form = {"address": ALICE["email"], "password": PASSWORD, "next": wanted}
    assert visitor().post("/sign-in/", form, **BROWSER).headers["Location"] == "/account/requests/"


def test_a_form_of_another_site_signs_nobody_in(run_jobs):
    account(ALICE, run_jobs)
    assert sign_in(ALICE["email"], HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert sign_in(ALICE["email"], HTTP_ORIGIN="https://evil.example").status_code == 403


def test_looking_at_the_pages_of_visitors_sets_no_cookie():
    for address in ("/sign-in/", "/account/new/", "/sign-in/forgotten/", "/sign-in/code/", "/account/"):
        assert not visitor().get(address).cookies


def test_a_signed_in_persons_forms_need_the_token_of_her_session(run_jobs):
    account(ALICE, run_jobs)
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    sign_in(ALICE["email"], client=strict)
    assert post(strict, "/account/sessions/end", {"all": "yes"}).status_code == 403
    assert opened(strict, "/contact/")


def test_a_browser_that_keeps_no_cookie_is_told_why_it_is_not_signed_in(site):
    came = {"HTTP_REFERER": "http://localhost/sign-in/", "HTTP_HOST": "localhost"}
    told = "your browser didn’t keep our cookie"
    assert told in text(visitor().get("/sign-in/?next=/account/", **came))
    assert told not in text(visitor().get("/sign-in/", **came)), "A link of the page itself leads here, too."
    assert told not in text(visitor().get("/sign-in/?next=/account/", HTTP_HOST="localhost"))
    assert told not in text(visitor().get("/sign-in/?next=/account/", HTTP_HOST="localhost", HTTP_REFERER="http://["))
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    ended = strict.post("/account/address/", {"address": "a"}, headers={"referer": "http://["}, **BROWSER)
    assert ended.status_code < 500
