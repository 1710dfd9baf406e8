"""Phones as people write them in their own countries: the extension kept apart, nothing guessed."""

import pytest

from troth.collection.forms import phones
from troth.collection.forms.normalize import phone
from troth.text import CannotRead


@pytest.mark.parametrize(
    ("country", "typed", "stored"),
    [
        ("DE", "030 7654321 Nst. 12", "+49307654321;ext=12"),
        ("DE", "0711 685-0 App. 12", "+497116850;ext=12"),
        ("DE", "030/76 54 321 DW 12", "+49307654321;ext=12"),
        ("DE", "030 7654321 Durchwahl 12", "+49307654321;ext=12"),
        ("AT", "0662 8044 Kl. 12", "+436628044;ext=12"),
        ("CZ", "224 123 456 kl. 12", "+420224123456;ext=12"),
        ("CN", "010-12345678 转12", "+861012345678;ext=12"),
        ("CA", "514 555 0134 poste 22", "+15145550134;ext=22"),
        ("JP", "03-1234-5678（内線１２）", "+81312345678;ext=12"),
        ("IT", "06 1234 5678 interno 12", "+390612345678;ext=12"),
        ("IT", "06 1234 5678 int. 12", "+390612345678;ext=12"),
        ("NL", "020 123 4567 tst. 12", "+31201234567;ext=12"),
        ("NL", "020 123 4567 toestel 12", "+31201234567;ext=12"),
        ("SE", "08 123 456 78 ankn. 12", "+46812345678;ext=12"),
        ("DK", "32 12 34 56 lok. 12", "+4532123456;ext=12"),
        ("PL", "22 123 45 67 wew. 12", "+48221234567;ext=12"),
        ("RU", "8 (495) 123-45-67 доб.12", "+74951234567;ext=12"),
        ("UA", "044 123 4567 дод. 12", "+380441234567;ext=12"),
        ("KR", "02-123-4567 내선 12번", "+8221234567;ext=12"),
        ("BR", "(11) 2123-4567 ramal 12", "+551121234567;ext=12"),
        ("PE", "01 4567890 anexo 12", "+5114567890;ext=12"),
        ("TR", "0212 123 45 67 dahili 12", "+902121234567;ext=12"),
        ("IL", "03-123-4567 שלוחה 12", "+97231234567;ext=12"),
        ("HU", "06 1 234 5678 mellék 12", "+3612345678;ext=12"),
        ("FR", "01 23 45 67 89 poste no 12", "+33123456789;ext=12"),
        ("JP", "03ー1234ー5678（内）12", "+81312345678;ext=12"),
        ("KR", "031-123-4567 (교 12)", "+82311234567;ext=12"),
        ("PH", "(02) 8123 4567 loc. 12", "+63281234567;ext=12"),
        ("NO", "22 12 34 56 linje 12", "+4722123456;ext=12"),
        ("US", "559 555 0134, extention number 12", "+15595550134;ext=12"),
        ("US", "559 555 0134 ext. #12", "+15595550134;ext=12"),
    ],
)
def test_an_extension_is_read_in_the_words_of_its_country(country, typed, stored):
    assert phone(typed, country) == stored


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("CN", "010-12345678-12"),
        ("US", "559 555 0134 / 12"),
        ("DE", "030 7654321 Zi. 12"),
        ("DE", "030 7654321 (mobil)"),
        ("KR", "02-123-4567~9"),  # three lines
        ("US", "1-800-4FLOWERS"),
        ("US", "1-800-FLOWERS-2"),
    ],
)
def test_what_may_be_an_extension_and_is_not_named_as_one_is_refused(country, typed):
    with pytest.raises(CannotRead, match=r"an extension as “ext\. 12” after it"):
        phone(typed, country)


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("DE", "555-0134"),
        ("DE", "30 7654321"),
        ("AU", "9123 4567"),
        ("GB", "20 7946 0958"),
        ("FR", "1 23 45 67 89"),
        ("JP", "3-1234-5678"),
        ("IT", "+39 2 1234567"),
        ("US", "555-0134"),
    ],
)
def test_a_number_without_the_0_before_its_area_code_is_only_local(country, typed):
    with pytest.raises(CannotRead, match="area code is missing"):
        phone(typed, country)


@pytest.mark.parametrize(
    ("country", "example"),
    [("US", "559 555 0134,"), ("DE", "030 123456,"), ("GB", "0121 234 5678,"), ("FR", "01 23 45 67 89,")],
)
def test_the_hint_shows_a_number_of_the_country(country, example):
    local = {"US": "555-0134", "DE": "555-0134", "GB": "20 7946 0958", "FR": "1 23 45 67 89"}[country]
    with pytest.raises(CannotRead, match=example):
        phone(local, country)


@pytest.mark.parametrize(
    ("country", "typed", "stored"),
    [
        ("DE", "49 30 7654321", "+49307654321"),
        ("IN", "091 98765 43210", "+919876543210"),
        ("DE", "0049 30 7654321", "+49307654321"),
        ("DE", "151 12345678", "+4915112345678"),
        ("CN", "138 0013 8000", "+8613800138000"),
        ("CN", "400 810 8888", "+864008108888"),
        ("IN", "98765 43210", "+919876543210"),
        ("AU", "1300 123 456", "+611300123456"),
        ("BR", "11 2123-4567", "+551121234567"),
        ("KR", "1588-1234", "+8215881234"),
        ("SG", "6123 4567", "+6561234567"),
        ("DE", "0711 685-12", "+4971168512"),
        ("AT", "+43 662 8044-2000", "+4366280442000"),
    ],
)
def test_what_is_dialed_without_a_0_in_the_whole_country_is_taken(country, typed, stored):
    assert phone(typed, country) == stored


@pytest.mark.parametrize(("country", "typed"), [("US", "030 7654321"), ("CA", "022 123 4567"), ("", "0612345678")])
def test_a_number_of_another_country_is_not_taken_for_one_here(country, typed):
    with pytest.raises(CannotRead, match="For another country"):
        phone(typed, country)


def test_where_numbers_begin_with_0_they_are_taken():
    assert phone("06 1234 5678", "IT") == "+390612345678"
    assert phone("07 08 09 10 11", "CI") == "+2250708091011"


@pytest.mark.parametrize("sign", ["(", "1 ", "\uff08", "x1"])
def test_what_is_far_too_long_for_a_number_is_refused_before_it_is_read(sign, monkeypatch):
    """Each blank and bracket was a place to begin again: twice as many took four times as long."""
    monkeypatch.setattr(phones, "_EXTENSION", None)
    with pytest.raises(CannotRead, match="phone number"):
        phones.phone(f"5{sign * 2_000}", "US")
