"""Draws pages, tables and characters of all scripts as a PDF."""

import logging
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.fonts import FontFace, TTFFont

from troth.paper.blocks import Mark, TextBlock
from troth.paper.typefaces import CJK, MISSING, OWN, Faces, faces_for, path_of, small_cjk

_log = logging.getLogger(__name__)
logging.getLogger("fpdf.output").setLevel(logging.ERROR)  # it would log characters of values
logging.getLogger("fontTools").setLevel(logging.CRITICAL)

_FONTS = Path(__file__).parent / "fonts"
_OURS = f"0123456789 {MISSING}"
_SIZE, _HEADING, _SMALL, _MARGIN_MM, _LINE_MM = 10, 13, 8, 18, 5
_MOST_CHARACTERS, _MOST_LINES = 400, 20  # of one cell: also a narrow column stays under a page
_INK, _MUTED, _RULE = (22, 32, 30), (83, 95, 92), (220, 225, 221)
_COLORS = {"": _INK, "ins": (14, 92, 67), "del": (150, 40, 30)}
_STYLES = {"": "", "ins": "U", "del": "S"}
"""Underlined and struck out, so that a redline is one in black and white too."""


def draw(title: str, blocks: Sequence[TextBlock]) -> bytes:
    """The PDF of `paper`."""
    words = [_clean(text) for text in (title, _OURS, *_texts(blocks))]
    faces = faces_for(words, _FONTS / "inter-400.ttf")
    with TemporaryDirectory(prefix="troth-paper-") as folder:
        page = _Paper(faces, words, Path(folder))
        try:
            page.begin(_clean(title))
            for block in blocks:
                page.add(block)
            page.say_what_is_missing()
            return bytes(page.output())  # closes the fonts
        except Exception:
            page.close_fonts()
            raise


def _texts(blocks: Iterable[TextBlock]) -> Iterator[str]:
    for block in blocks:
        yield from (block.text, *block.header, *(words for words, _mark in block.marked))
        yield from (cell for row in block.rows for cell in row)


def _clean(words: str) -> str:
    """The words without lone surrogates, which no file can hold: a question mark stands for each."""
    return words.encode("utf-8", "replace").decode("utf-8")


class _Paper(FPDF):
    def __init__(self, faces: Faces, words: Sequence[str], folder: Path) -> None:
        super().__init__(format="A4")
        self.faces = faces
        for style, weight in (("", 400), ("B", 650)):
            self.add_font(OWN, style, _FONTS / f"inter-{weight}.ttf")
        others = [name for name in faces.signs if name != OWN]
        for name in others:
            signs = "".join({sign for text in words for sign in text if sign in faces.signs[name]})
            self.add_font(name, "", small_cjk(signs, folder) if name == CJK else path_of(name))
        self.set_fallback_fonts(others, exact_match=False)
        self.set_text_shaping(faces.shaped)

    def begin(self, title: str) -> None:
        """The first page, with its title."""
        self.set_margins(_MARGIN_MM, _MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=_MARGIN_MM)
        self.set_title(title)
        self.set_lang(get_language() or "en")
        self.add_page()
        self._write(title, size=20, style="B", space=8)

    def footer(self) -> None:
        self.set_y(-12)
        self.set_text_color(*_MUTED)
        self.set_font(OWN, size=_SMALL)
        self.cell(0, _LINE_MM, _("Page %(number)d") % {"number": self.page_no()}, align="R")

    def add(self, block: TextBlock) -> None:
        if block.header:
            self._table(block)
        elif block.marked:
            self._write_marked(block.marked, size=_HEADING if block.is_heading else _SIZE)
        elif block.is_heading:
            self.ln(2)
            self._write(block.text, size=_HEADING, style="B", space=6)
        else:
            self._write(block.text, size=_SIZE, style="", space=_LINE_MM)

    def say_what_is_missing(self) -> None:
        """Reports characters that can't be drawn: in the log for staff, in a sentence for the reader."""
        if not self.faces.missing:
            return
        _log.error("A paper lacks characters for %d signs.", len(self.faces.missing))
        words = _("%(mark)s stands for a character we can’t print. The page and the JSON file show it.")
        self._write(words % {"mark": MISSING}, size=_SMALL, style="", space=_LINE_MM)

    def close_fonts(self) -> None:
        """The font files, which stay open for as long as characters are drawn from them."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def _write(self, words: str, *, size: int, style: str, space: float) -> None:
        shown = self.faces.replace_missing(_clean(words))
        face = self.faces.of(shown)
        self.set_text_color(*_INK)
        self.set_font(face, style if face == OWN else "", size)
        self.multi_cell(0, space, shown, new_x="LMARGIN", new_y="NEXT")
        self.ln(2)

    def _write_marked(self, pieces: Iterable[tuple[str, Mark]], *, size: int) -> None:
        for words, mark in pieces:
            shown = self.faces.replace_missing(_clean(words))
            self.set_text_color(*_COLORS[mark])
            self.set_font(self.faces.of(shown), _STYLES[mark], size)
            self.write(_LINE_MM, shown)
        self.ln(_LINE_MM + 2)

    def _table(self, block: TextBlock) -> None:
        if not block.rows:
            self._write(_("None."), size=_SIZE, style="", space=_LINE_MM)
            return
        self.set_text_color(*_INK)
        self.set_draw_color(*_RULE)
        self.set_font(OWN, "", _SMALL)
        bold = FontFace(emphasis="BOLD", color=_MUTED)
        with self.table(
            headings_style=bold,
            borders_layout="HORIZONTAL_LINES",
            line_height=4,
            text_align="LEFT",
            col_widths=_widths(block),
        ) as grid:
            grid.row([_clean(cell) for cell in block.header])
            for row in block.rows:
                for part in _parts([self.faces.replace_missing(_clean(cell)) for cell in row]):
                    line = grid.row()
                    for cell in part:
                        line.cell(cell, style=FontFace(family=self.faces.of(cell)))
        self.ln(3)


def _parts(row: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Splits a row that is higher than a page: its texts continue in the next row."""
    cells = [_split_cell(cell) for cell in row]
    for number in range(max(len(parts) for parts in cells)):
        yield tuple(parts[number] if number < len(parts) else "" for parts in cells)


def _split_cell(text: str) -> list[str]:
    """As many lines as fit together; at least one, which may be empty."""
    found = [""]
    for line in text.splitlines():
        # A word without spaces, such as a hash, may be longer than a page is wide.
        for part in textwrap.wrap(line, _MOST_CHARACTERS) or [""]:
            lines = found[-1].count("\n") + 1
            if found[-1] and (len(found[-1]) + len(part) > _MOST_CHARACTERS or lines >= _MOST_LINES):
                found.append(part)
            else:
                found[-1] = f"{found[-1]}\n{part}" if found[-1] else part
    return found


def _widths(block: TextBlock) -> tuple[int, ...]:
    """Columns as wide as their longest text asks, between a narrow and a wide one."""
    longest = (max(len(row[place]) for row in (block.header, *block.rows)) for place in range(len(block.header)))
    return tuple(min(max(length, 8), 40) for length in longest)
