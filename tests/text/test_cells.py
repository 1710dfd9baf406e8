"""Cells of files for spreadsheets."""

import pytest

from troth.text.cells import cell


@pytest.mark.parametrize("sign", list("=+-@\t\r\n＝＋－＠"))
def test_no_cell_is_a_formula(sign: str) -> None:
    assert cell(f"{sign}cmd|' /C calc'!A0") == f"'{sign}cmd|' /C calc'!A0"
    assert cell(f'12.4; "{sign}cmd') == f"12.4; \"'{sign}cmd", "In Germany, this is the next cell."


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), ("O'Reilly & Sons", "O'Reilly & Sons"), (12, "12"), ("a; b-c", "a; b-c")]
)
def test_words_and_numbers_stay_as_they_are(value: object, shown: str) -> None:
    assert cell(value) == shown
