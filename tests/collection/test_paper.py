"""Answers on paper: whatever somebody typed, the PDF is made."""

from io import BytesIO

import pytest
from fpdf.fonts import TTFFont
from pypdf import PdfReader

from troth.paper import paper
from troth.paper.blocks import paragraph, table
from troth.paper.printing import _FONTS, _Paper
from troth.paper.typefaces import _region, faces_for

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


def test_a_lone_surrogate_is_written_as_a_question_mark():
    made = paper("Your \ud800data", [paragraph("\udfff"), table(["\ud800"], [["a\ud83d"]])])
    assert made.startswith(b"%PDF")


def test_a_paper_that_breaks_off_leaves_no_font_file_open(monkeypatch):
    opened, closed, make, close = [], [], TTFFont.__init__, TTFFont.close

    def made(font: TTFFont, *given, **named) -> None:
        opened.append(font)
        make(font, *given, **named)

    def noted(font: TTFFont) -> None:
        closed.append(font)
        close(font)

    def breaks(*_given) -> None:
        raise ValueError("no more")

    monkeypatch.setattr(TTFFont, "__init__", made)
    monkeypatch.setattr(TTFFont, "close", noted)
    monkeypatch.setattr(_Paper, "_table", breaks)
    with pytest.raises(ValueError, match="no more"):
        paper("Your data", [paragraph("Привет"), table(["A"], [["a"]])])
    assert len(opened) == 3
    assert set(map(id, closed)) == set(map(id, opened))


NAMES = [
    "山田太郎",
    "عائشة",
    "Έλλη",
    "Иван",
    "नेहा",
    "김민수",
    "שרה",
    "Nguyễn Thị Hồng",
    "😀",
    "Łódź Straße",
    "O'Reilly & Sons",
    "ＡＣＭＥ株式会社",
]


def words_of(made: bytes) -> str:
    """The words that a reader finds in the PDF, without the codes of dots and marks that shaping set apart."""
    read = "\n".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)
    return "".join(sign for sign in read if sign >= " " or sign == "\n").replace("  ", " ")


def test_names_of_all_scripts_stand_on_paper(caplog):
    made = paper("Your data", [table(["Name", "Kind"], [[name, "name"] for name in NAMES])])
    found = words_of(made)
    for name in NAMES:
        assert name in found
    assert "stands for a character we can’t print" not in found
    assert not caplog.records


def test_one_text_of_several_scripts_stands_whole():
    assert "Ada 東京 Иван" in words_of(paper("Your data", [paragraph("Ada 東京 Иван 김민수 नेहा")]))


def test_a_sign_that_no_face_has_is_marked_and_said_and_logged(caplog):
    found = words_of(paper("Your data", [table(["Name"], [["Ada \U00031350"]])]))
    assert "Ada \ufffd" in found
    assert "\ufffd stands for a character we can’t print." in found
    assert [record.getMessage() for record in caplog.records] == ["A paper lacks characters for 1 signs."]


def test_a_paper_in_our_own_typeface_opens_no_other_face():
    assert list(faces_for(["Alice Marchetti, 12"], _FONTS / "inter-400.ttf").signs) == ["inter"]
    assert list(faces_for(["Łódź"], _FONTS / "inter-400.ttf").signs) == ["inter", "NotoSans"]


def test_shapes_of_common_signs_are_those_of_the_language_beside_them():
    assert [_region(text) for text in ("山田のり", "김 山", "山")] == [0, 1, 2]
