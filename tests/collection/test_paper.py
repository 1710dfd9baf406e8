"""Answers on paper: whatever somebody typed, the PDF is made."""

import pytest
from fpdf.fonts import TTFFont

from troth.collection.paper import paper, paragraph, table

WIDE = ["a place with a long name of its own", "23 November 2026, 05:20 PST", "a purpose (4), another (12)"]


@pytest.mark.parametrize(
    "text",
    ["", "short", "word " * 800, "x" * 4_000, "line\n" * 800, "\n\n", "Привет 日本 🙂"],
    ids=["empty", "short", "words", "one word", "lines", "blank lines", "other letters"],
)
def test_any_value_fits_on_paper(text):
    made = paper("Your data", [paragraph("All."), table(["A", "B", "C", "D"], [[text, *WIDE], ["Name", *WIDE]])])
    assert made.startswith(b"%PDF")


def test_a_table_without_rows_says_so():
    assert paper("Your data", [table(["A"], [])]).startswith(b"%PDF")


def test_half_a_letter_is_written_as_a_question_mark():
    made = paper("Your \ud800data", [paragraph("\udfff"), table(["\ud800"], [["a\ud83d"]])])
    assert made.startswith(b"%PDF")


def broken_off():
    yield paragraph("All.")
    raise ValueError("no more")


def test_a_paper_that_breaks_off_leaves_no_file_of_letters_open(monkeypatch):
    closed, close = [], TTFFont.close

    def noted(font: TTFFont) -> None:
        closed.append(font)
        close(font)

    monkeypatch.setattr(TTFFont, "close", noted)
    with pytest.raises(ValueError, match="no more"):
        paper("Your data", broken_off())
    assert len(closed) == 2
