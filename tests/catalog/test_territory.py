"""A place is known only if its parts are, and agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.catalog import locate
from troth.catalog.routing import inside
from troth.catalog.terms import Territory, ZipRange
from troth.catalog.territory import place_name


@pytest.mark.parametrize(
    ("zip_code", "state", "country", "found"),
    [
        ("92618", "CA", "US", "US-CA"),
        ("92618", "", "US", "US-CA"),
        ("92618-1234", "US-CA", "us", "US-CA"),
        (" 92618 ", " ca ", " US ", "US-CA"),
        ("", "NV", "US", "US-NV"),
        ("", "", "US", ""),
        ("00901", "PR", "US", "US-PR"),
        ("M5V 2T6", "", "CA", "CA-ON"),
        ("m5v2t6", "ON", "CA", "CA-ON"),
        ("X0A 0H0", "NU", "CA", "CA-NU"),
        ("", "QC", "CA", "CA-QC"),
        ("64000", "", "MX", ""),
        ("00901", "", "PR", "US-PR"),  # as its people choose a country or a state
    ],
)
def test_parts_that_agree_make_a_known_place(zip_code: str, state: str, country: str, found: str) -> None:
    place = locate(zip_code, state, country)

    assert place.known
    assert place.state == found


@pytest.mark.parametrize(
    ("zip_code", "state", "country", "trouble"),
    [
        ("00000", "", "US", "We don’t recognize the ZIP code 00000."),
        ("9261", "CA", "US", "We don’t recognize the ZIP code 9261."),
        ("٩٢٦١٨", "CA", "US", "We don’t recognize the ZIP code ٩٢٦١٨."),
        ("92618", "NV", "US", "The ZIP code 92618 is in CA, not in NV."),
        ("92618", "ZZ", "US", "We don’t recognize the state or province ZZ."),
        ("M5V 2T6", "BC", "CA", "The postal code M5V 2T6 isn’t in BC."),
        ("12345", "ON", "CA", "We don’t recognize the postal code 12345."),
        ("92618", "CA", "XX", "We don’t recognize the country XX."),
        ("92618", "CA", "", "No country was given."),
    ],
)
def test_parts_that_disagree_are_named(zip_code: str, state: str, country: str, trouble: str) -> None:
    found = locate(zip_code, state, country).trouble
    assert found
    assert found.sentence() == trouble


@given(st.text(max_size=12), st.text(max_size=8), st.text(max_size=4))
def test_no_text_makes_locating_raise(zip_code: str, state: str, country: str) -> None:
    place = locate(zip_code, state, country)

    assert place.known == (place.trouble is None)


ROW = Territory("row", "One street", frozenset(), frozenset(), (ZipRange("92600", "92699"),))
STATE = Territory("state", "California", frozenset(), frozenset({"US-CA"}), ())
COUNTRY = Territory("country", "United States", frozenset({"US"}), frozenset(), ())


@pytest.mark.parametrize(
    ("territory", "zip_code", "expected"),
    [(ROW, "92618", True), (ROW, "92701", False), (STATE, "92701", True), (STATE, "89501", False), (COUNTRY, "", True)],
)
def test_zip_state_and_country_each_put_a_place_inside(territory: Territory, zip_code: str, expected: bool) -> None:
    assert inside(territory, locate(zip_code, "", "US")) is expected


def test_a_foreign_code_that_looks_like_a_zip_is_not_inside() -> None:
    assert not inside(ROW, locate("92618", "", "FR"))


def test_a_country_covers_its_states_and_zips_and_not_the_reverse() -> None:
    assert COUNTRY.covers(STATE)
    assert COUNTRY.covers(ROW)
    assert not STATE.covers(COUNTRY)
    assert not ROW.covers(STATE)


def test_places_have_their_names() -> None:
    names = {"US-CA": "California", "CA-ON": "Ontario", "US-AE": "Armed Forces Europe", "DE": "Germany", "": ""}
    assert {code: place_name(code) for code in names} == names
