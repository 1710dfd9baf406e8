"""A password is what its owner typed, whichever keyboard composed its characters."""

import unicodedata

import pytest
from django.contrib.auth.hashers import make_password
from tests.accounts import OTHER_PASSWORD, account, post, sign_in, sign_up
from tests.visits import text

from troth.security.models import User
from troth.security.passwords import MOST_CHARACTERS, forms_of, hash_password, matches

NFC = unicodedata.normalize("NFC", "sieben brüsseler schlösser é")
NFD = unicodedata.normalize("NFD", NFC)
PLAIN = "seven brass valves"
ADA = {"name": "Ada Okafor", "email": "ada@halden-valve-works.example"}

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.parametrize(("chosen", "typed"), [(NFC, NFD), (NFD, NFC), (NFD, NFD), ("seven\xa0brass valves", PLAIN)])
def test_a_password_opens_whatever_keyboard_composed_its_characters(chosen, typed, run_jobs):
    account(ADA, run_jobs, password=chosen)
    assert sign_in(ADA["email"], typed).status_code == 303
    assert sign_in(ADA["email"], typed + "x").status_code == 400


@pytest.mark.parametrize("typed", [NFC, NFD])
def test_a_hash_of_before_this_rule_still_opens_and_is_renewed(typed, run_jobs):
    account(ADA, run_jobs)
    user = User.objects.get()
    User.objects.filter(pk=user.pk).update(password=make_password(NFD))
    assert sign_in(ADA["email"], typed).status_code == 303
    user.refresh_from_db()
    assert matches(NFC, user.password)
    assert sign_in(ADA["email"], OTHER_PASSWORD).status_code == 400


def test_letters_newer_than_our_tables_make_a_password(run_jobs):
    account(ADA, run_jobs, password="🩷🫨\U00031350 twelve keys")
    assert sign_in(ADA["email"], "🩷🫨\U00031350 twelve keys").status_code == 303


def test_a_password_too_long_or_of_one_character_is_refused_with_what_to_do(run_jobs):
    answer = sign_up(ADA, password="ä" * 257)
    assert "Shorten this to 256 characters. It has 257." in text(answer)
    assert "repeats the same characters" in text(sign_up(ADA, password=" " * 12))
    client = account(ADA, run_jobs)
    changed = post(client, "/account/password/", {"password": "xyz" * 100, "present": "seven brass valves leak"})
    assert "Shorten this to 256 characters. It has 300." in text(changed)


def test_a_plain_password_is_tried_once_and_one_with_marks_in_each_form():
    assert forms_of("seven brass valves leak") == ("seven brass valves leak",)
    assert forms_of(NFD) == (NFC, NFD)
    assert matches(NFD, hash_password(NFC))
    assert MOST_CHARACTERS == 256


def test_an_account_of_an_address_that_we_cannot_write_to_any_more_still_opens(run_jobs, settings):
    settings.TROTH_SMTPUTF8 = True
    account({"name": "Jürgen", "email": "jürgen@buecher.example"}, run_jobs)
    settings.TROTH_SMTPUTF8 = False
    assert sign_in("jürgen@buecher.example").status_code == 303
