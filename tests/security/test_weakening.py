"""What weakens a sign-in asks for every factor the account has; who guesses locks nobody out; forms stay in their session."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.accounts import ALICE, OTHER_PASSWORD, PASSWORD, account, post, sign_in
from tests.security.test_entering import alice, app_code, with_app
from tests.visits import BROWSER, MARISOL, opened, signed_in, staff, text, visitor
from tests.visits import PASSWORD as STAFF_PASSWORD

from troth.security import limits
from troth.security.factors import codes, passkeys
from troth.security.factors.models import Authenticator, Passkey
from troth.security.models import User
from troth.uses.quotes.models import QuoteRequest

pytestmark = pytest.mark.usefixtures("site")
AGAIN = "/account/again/"


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 12, 0, 1, tzinfo=UTC), tick=False)


def weakening() -> list[tuple[str, dict[str, str]]]:
    """Each address that takes away or replaces something by which the account opens."""
    key = Passkey.objects.create(user=alice(), credential=b"x", credential_id=b"x", made_utc=datetime.now(UTC))
    return [
        ("/account/app/remove", {}),
        (f"/account/passkey/{key.pk}/remove", {}),
        ("/account/recovery/", {}),
        ("/account/passkey/options", {}),
        ("/account/passkey/make", {"answer": "{}"}),
        ("/account/address/", {"address": "thief@evil.example"}),
        ("/account/password/", {"present": PASSWORD, "password": OTHER_PASSWORD}),
    ]


def test_a_session_of_the_password_alone_weakens_nothing_once_there_is_a_second_factor(run_jobs):
    old = account(ALICE, run_jobs)  # signed in by the password, a moment ago
    drawer = with_app(sign_in(ALICE["email"]).client)
    for address, sent in weakening():
        answer = post(old, address, sent)
        assert answer.status_code == 303, address
        assert answer.headers["Location"].startswith(AGAIN), address
    assert post(old, AGAIN, {"password": PASSWORD}).status_code == 400
    assert post(old, AGAIN, {"password": PASSWORD, "code": "000000"}).status_code == 400
    assert post(old, AGAIN, {"password": "wrong", "code": drawer[0]}).status_code == 400
    assert codes.recovery_codes_left(alice()) == 10, "a code was spent beside a wrong password"
    assert (Authenticator.objects.count(), Passkey.objects.count()) == (1, 1)

    assert post(old, AGAIN, {"password": PASSWORD, "code": drawer[0]}).status_code == 303
    assert post(old, "/account/app/remove").headers["Location"].startswith("/account/?done=")
    assert (Authenticator.objects.count(), codes.recovery_codes_left(alice())) == (0, 9)
    post(old, f"/account/passkey/{Passkey.objects.get().pk}/remove")
    assert codes.recovery_codes_left(alice()) == 0, "they would open a later passkey’s place"


def test_the_secret_of_an_app_is_offered_to_one_session(run_jobs):
    thief = account(ALICE, run_jobs)
    seen = [key_shown(thief), key_shown(thief), key_shown(sign_in(ALICE["email"]).client), key_shown(thief)]
    assert seen[0] == seen[1], "a page that is loaded again shows the same"
    assert len(set(seen[1:])) == 3


def key_shown(browser: Client) -> str:
    (key,) = re.findall(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", text(browser.get("/account/app/")))
    return str(key)


def test_a_password_that_was_replaced_before_the_code_came_opens_nothing(run_jobs):
    drawer = with_app(account(ALICE, run_jobs))
    half = sign_in(ALICE["email"]).client
    user = alice()
    user.set_password(OTHER_PASSWORD)
    user.save()
    assert post(half, "/sign-in/code/", {"code": drawer[0]}).headers["Location"] == "/sign-in/"
    assert codes.recovery_codes_left(alice()) == 10


def test_a_quarter_of_an_hour_later_both_factors_are_asked_again(run_jobs, time_machine):
    browser = account(ALICE, run_jobs)
    with_app(browser)
    time_machine.move_to(datetime(2026, 11, 23, 12, 16, 0, tzinfo=UTC), tick=False)
    page = text(browser.get("/account/app/", follow=True))
    assert "enter your password and a code again." in page
    code = {"password": PASSWORD, "code": app_code(alice(), datetime.now(UTC)), "next": "/account/app/"}
    assert post(browser, AGAIN, code).headers["Location"] == "/account/app/"


def test_without_a_second_factor_the_password_page_asks_for_the_present_one_only(run_jobs, time_machine):
    browser = account(ALICE, run_jobs)
    time_machine.move_to(datetime(2026, 11, 23, 12, 16, 0, tzinfo=UTC), tick=False)
    assert post(browser, "/account/password/", {"present": PASSWORD, "password": OTHER_PASSWORD}).status_code == 303


def guessed(username: str, times: int) -> None:
    for number in range(times):
        form = {"username": username, "password": "wrong"}
        visitor().post("/console/sign-in", form, **BROWSER, REMOTE_ADDR=f"198.51.{number}.7")


def enter(client: Client, password: str = STAFF_PASSWORD) -> int:
    form = {"username": "ines", "password": password}
    return int(client.post("/console/sign-in", form, **BROWSER).status_code)


def test_ten_wrong_passwords_do_not_keep_a_member_of_staff_out_of_her_own_browser():
    staff()
    hers = visitor()
    assert enter(hers) == 303
    guessed("ines", 12)
    assert enter(visitor(), "wrong") == 429
    assert enter(hers) == 303
    assert enter(visitor(), "wrong") == 429, "her success in her own browser gave the stranger nothing"


def test_signing_in_rightly_counts_as_no_guess():
    staff()
    for _time in range(2 * limits.SIGN_IN_AS.times):
        assert enter(visitor()) == 303
    for _try in range(limits.SIGN_IN_AS.times - 1):
        assert enter(visitor(), "wrong") == 400
    assert enter(visitor()) == 303
    assert enter(visitor(), "wrong") == 400


def test_where_there_is_a_second_factor_it_is_asked_instead_of_a_lock_and_wrong_passwords_look_like_any():
    made = staff()
    Authenticator.objects.create(user=made, hidden=b"x", proven_utc=datetime.now(UTC))
    guessed("ines", 12)
    guessed("nobody", 12)
    right = {"username": "ines", "password": STAFF_PASSWORD}
    answer = visitor().post("/console/sign-in", right, **BROWSER)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in/code/")
    guessed("ines", 12)
    wrong, nobody = (
        visitor().post(
            "/console/sign-in", {"username": name, "password": "wrong"}, **BROWSER, REMOTE_ADDR=f"203.0.{at}.7"
        )
        for at, name in enumerate(("ines", "nobody"))
    )
    assert wrong.status_code == nobody.status_code == 429
    assert wrong.content.replace(b"ines", b"") == nobody.content.replace(b"nobody", b"")


def test_past_a_hundred_guesses_a_day_even_the_right_password_waits():
    made = staff()
    Authenticator.objects.create(user=made, hidden=b"x", proven_utc=datetime.now(UTC))
    for _try in range(limits.SIGN_IN_AS.times):
        limits.count_try(limits.SIGN_IN_AS, name="ines", at_utc=datetime.now(UTC))
    for _try in range(limits.PAST_THE_LIMIT.times):
        limits.count_try(limits.PAST_THE_LIMIT, name="ines", at_utc=datetime.now(UTC))
    assert enter(visitor()) == 429


def test_customers_with_an_app_are_asked_for_it_instead_of_being_locked_out(run_jobs):
    with_app(account(ALICE, run_jobs))
    for number in range(12):
        sign_in(ALICE["email"], "wrong", REMOTE_ADDR=f"198.51.{number}.7")
    assert sign_in(ALICE["email"], "wrong", REMOTE_ADDR="198.51.99.7").status_code == 429
    assert sign_in(ALICE["email"], REMOTE_ADDR="198.51.98.7").headers["Location"] == "/sign-in/code/"


def test_guessed_codes_do_not_keep_the_owner_out_of_her_own_browser(run_jobs):
    hers = account(ALICE, run_jobs)
    drawer = with_app(hers)
    thief = sign_in(ALICE["email"]).client
    for _try in range(6):
        thief.post("/sign-in/code/", {"code": "123456"}, **BROWSER)
    sign_in(ALICE["email"], client=hers)
    assert hers.post("/sign-in/code/", {"code": drawer[0]}, **BROWSER).status_code == 303


@pytest.mark.parametrize(
    ("before", "now", "taken"), [(0, 0, True), (0, 1, True), (3, 4, True), (3, 3, False), (3, 2, False), (3, 0, False)]
)
def test_a_counter_that_stands_still_or_goes_back_is_a_copy(before, now, taken):
    user = User.objects.create(username="somebody")
    key = Passkey.objects.create(
        user=user, credential=b"x", credential_id=b"x", uses=before, made_utc=datetime.now(UTC)
    )
    if taken:
        passkeys._count(key, now, datetime.now(UTC))
        return
    with pytest.raises(passkeys.PasskeyRefused):
        passkeys._count(key, now, datetime.now(UTC))
    key.refresh_from_db()
    assert key.uses == before


FORMS = [
    ("/quote/", MARISOL),
    ("/contact/", {"name": "Alice", "email": ALICE["email"], "note": "Two plants?"}),
    ("/privacy/requests/question/", {"name": "Alice", "email": ALICE["email"], "note": "Why?"}),
    ("/california/request/", {"name": "Alice", "email": ALICE["email"]}),
    ("/account/new/", {"name": "Alice", "email": ALICE["email"], "password": OTHER_PASSWORD}),
]
WRONG_SESSION = "You signed in or out after you opened this form."


def test_a_form_opened_by_a_stranger_is_not_taken_from_somebody_who_is_signed_in(run_jobs):
    hers, theirs = account(ALICE, run_jobs), visitor()
    for page, values in FORMS:
        for opener, sender, told in ((theirs, hers, WRONG_SESSION), (hers, visitor(), "Your session ended after")):
            answer = sender.post(page, {"nonce": opened(opener, page), **values}, **BROWSER)
            assert answer.status_code == 400, page
            assert told in text(answer), page
        own = hers.post(page, {"nonce": opened(hers, page), **values}, **BROWSER)
        assert WRONG_SESSION not in text(own), page
    assert QuoteRequest.objects.count() == 1


def test_a_form_that_one_member_of_staff_opened_is_not_taken_from_another():
    pia, otto = signed_in("pia", role="privacy"), signed_in("otto", role="privacy")
    nonce = opened(pia, "/console/requests/new/")
    form = {"kind": "access", "manner": "post", "received": "2026-11-23", "name": "Bob", "email": "bob@x.example"}
    answer = otto.post("/console/requests/new/", {"nonce": nonce, **form}, **BROWSER)
    assert answer.status_code == 400
    assert WRONG_SESSION in text(answer)
    assert pia.post("/console/requests/new/", {"nonce": nonce, **form}, **BROWSER).status_code == 303


def test_every_form_of_the_program_is_bound() -> None:
    """Whoever builds a form says to which session it belongs."""
    from pathlib import Path

    src = Path(__file__).parent.parent.parent / "src" / "troth"
    calls = [
        (path.name, call)
        for path in src.rglob("*.py")
        if path.parent.name != "forms" or path.name == "page.py"
        for call in re.findall(r"\b(?:forms\.)?(?:build|issue_nonce)\((?:[^()]|\([^()]*\))*\)", path.read_text())
        if "place" in call.lower() or "FORM" in call
    ]
    assert len(calls) >= 5
    assert [call for call in calls if "session=" not in call[1]] == []
