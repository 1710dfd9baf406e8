"""Guessing a password is slow, from one network and from many, and tells nothing about who has a name."""

import pytest
from tests.visits import BROWSER, PASSWORD, staff, text, visitor

from troth.collection.forms import limits
from troth.collection.forms.models import RateCount

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
    answer = tried(username, PASSWORD, network=99)
    assert answer.status_code == 429
    assert "This name was tried too often. Try again in 15 minutes." in text(answer)


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
