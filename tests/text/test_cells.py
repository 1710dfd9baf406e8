"""Cells of files for spreadsheets."""

import pytest

from troth.text.cells import cell


@pytest.mark.parametrize("sign", list("=+-@\t\r\n＝＋－＠"))
def test_no_cell_is_a_formula(sign: str) -> None:
    assert cell(f"{sign}cmd|' /C calc'!A0") == f"'{sign}cmd|' /C calc'!A0"


@pytest.mark.parametrize(("value", "shown"), [(None, ""), ("O'Reilly & Sons", "O'Reilly & Sons"), (12, "12")])
def test_words_and_numbers_stay_as_they_are(value: object, shown: str) -> None:
    assert cell(value) == shown
