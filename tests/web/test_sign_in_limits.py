"""Guessing a password is slow, from one network and from many, and tells nothing about who has a name."""

from datetime import UTC, datetime

import pytest
from tests.visits import BROWSER, PASSWORD, staff, text, visitor

from troth.security import limits
from troth.security.models import RateCount

pytestmark = pytest.mark.usefixtures("site")


def tried(username: str, password: str = "wrong", *, network: int = 0):
    form = {"username": username, "password": password}
    return visitor().post("/console/sign-in", form, **BROWSER, REMOTE_ADDR=f"198.51.{network}.7")


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    time_machine.move_to("2026-11-23T12:00:01+00:00", tick=False)


@pytest.mark.asvs("V6.3.1")
@pytest.mark.parametrize("username", ["ines", "nobody-has-this-name"])
def test_the_eleventh_try_under_a_name_waits_wherever_it_comes_from(username):
    staff()
    assert {tried(username, network=number).status_code for number in range(10)} == {400}
    for network in (9, 99):
        answer = tried(username, network=network)
        assert answer.status_code == 429
        assert "Too many tries for this name. Try again in 15 minutes." in text(answer)


def test_who_guesses_from_some_networks_keeps_no_owner_of_a_new_device_out_of_another():
    staff()
    for number in range(12):
        tried("ines", network=number % 2)
    assert tried("ines", PASSWORD, network=0).status_code == 429
    assert tried("ines", PASSWORD, network=99).status_code == 303


def test_a_network_past_the_limit_has_three_tries_and_those_that_guess_take_none_of_the_others():
    staff()
    for network in (0, 0, 0, 0, *range(1, 8)):
        tried("ines", network=network)
    guess = limits.PAST_THE_LIMIT
    for _try in range(guess.times):
        limits.count_try(guess, name="ines where it is guessed", at_utc=datetime.now(UTC))
    assert [tried("ines", network=99).status_code for _try in range(3)] == [429] * 3
    assert tried("ines", PASSWORD, network=99).status_code == 429
    assert tried("ines", PASSWORD, network=98).status_code == 303
    for _try in range(10):
        tried("ines", network=0)
    for _try in range(guess.times):
        limits.count_try(guess, name="ines", at_utc=datetime.now(UTC))
    assert tried("ines", PASSWORD, network=97).status_code == 429


def test_upper_case_and_blanks_are_the_same_name():
    for spelling in ("ines", "INES", " Ines ") * 4:
        answer = tried(spelling)
    assert answer.status_code == 429


def test_other_names_may_still_sign_in():
    staff()
    for _try in range(11):
        tried("nobody")
    assert tried("ines", PASSWORD).status_code == 303


def test_a_quarter_of_an_hour_later_the_name_may_try_again(time_machine):
    staff()
    for _try in range(11):
        tried("ines")
    time_machine.move_to("2026-11-23T12:15:01+00:00", tick=False)
    assert tried("ines", PASSWORD).status_code == 303


def test_the_name_is_stored_as_a_keyed_hash_only():
    tried("ines")
    row = RateCount.objects.get(what=limits.SIGN_IN_AS.what)
    assert b"ines" not in bytes(row.digest)
    assert len(bytes(row.digest)) == 32
