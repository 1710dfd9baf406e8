"""A policy that was written for something else, as Markdown: from HTML, from DOCX, or as it is.

What HTML may be in a browser is for a browser to know: nh3 parses it, and leaves headings, paragraphs, lists, tables,
emphasis and links. DOCX becomes HTML by mammoth, which reads the styles that Word gives to headings and lists.
"""

import re
from html.parser import HTMLParser
from io import BytesIO
from zipfile import ZipFile

import mammoth
import nh3

from .source import MOST_BYTES

_TAGS = set("h1 h2 h3 h4 h5 h6 p ul ol li table tr th td strong b em i a br blockquote".split())  # noqa: SIM905
_AROUND = set("head nav header footer aside script style title form".split())  # noqa: SIM905
"""What is around the text of a page, or isn't text."""
_BLOCKS = re.compile(r"h[1-6]|p|li|tr|blockquote")
_MOST_UNPACKED = 50_000_000
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*"}
_LOOKS_LIKE_HTML = re.compile(
    rb"\s*(?:<!doctype|<html|<body|<h[1-6]|<p[ >]|<div|<article|<main|<section)", re.IGNORECASE
)


class CannotConvert(Exception):
    """The file can't be read; the message says why."""


def convert(source: bytes) -> str:
    """The Markdown of a policy.   Takes  DOCX, HTML in UTF-8, or Markdown.   Raises  CannotConvert."""
    if source.startswith(b"PK"):
        return _convert_html(_read_docx(source))
    if len(source) > MOST_BYTES * 4:
        raise CannotConvert(f"The file is larger than {MOST_BYTES * 4} bytes.")
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CannotConvert("The file isn't UTF-8 text. Save it as UTF-8, or as DOCX.") from error
    return _convert_html(text) if _LOOKS_LIKE_HTML.match(source) else text.replace("\r\n", "\n")


def _read_docx(source: bytes) -> str:
    try:
        with ZipFile(BytesIO(source)) as archive:
            size = sum(each.file_size for each in archive.infolist())
        if size <= _MOST_UNPACKED:
            return str(mammoth.convert_to_html(BytesIO(source)).value)
    except Exception as error:  # a broken archive, and whatever a library raises at broken XML in it
        raise CannotConvert("The file isn't a DOCX document that can be read.") from error
    raise CannotConvert("The document is too large once it is unpacked.")


def _convert_html(html: str) -> str:
    reader = _Writer()
    reader.feed(nh3.clean(html, tags=_TAGS, clean_content_tags=_AROUND, attributes={"a": {"href"}}, link_rel=None))
    reader.close()
    return reader.markdown()


class _Writer(HTMLParser):
    """Collects the blocks of clean HTML, each with the mark of its kind."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[str] = []
        self._words: list[str] = []
        self._mark = ""
        self._lists: list[str] = []
        self._address = ""
        self._cells = 0

    def markdown(self) -> str:
        """The document; items of a list follow each other without blank lines."""
        self._end()
        text = "\n\n".join(self._blocks)
        return re.sub(r"(?m)^(\s*(?:-|1\.) .*)\n\n(?=\s*(?:-|1\.) )|^(\|.*\|)\n\n(?=\|)", r"\1\2\n", text) + "\n"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ul", "ol"):
            self._end()
            self._lists.append("-" if tag == "ul" else "1.")
        elif _BLOCKS.fullmatch(tag) and not (tag == "p" and self._lists):
            self._end()
            self._mark = self._find_mark(tag)
            self._cells = 0
        elif tag in ("th", "td"):
            self._words.append("| ")
            self._cells += 1
        elif tag in _MARKS:
            self._words.append(_MARKS[tag])
        elif tag == "a":
            self._address = dict(attrs).get("href") or ""
            self._words.append("[" if self._address else "")
        elif tag == "br":
            self._words.append(" ")

    def _find_mark(self, tag: str) -> str:
        if tag == "li":
            return "  " * (len(self._lists) - 1) + f"{self._lists[-1] if self._lists else '-'} "
        return "> " if tag == "blockquote" else f"{'#' * int(tag[1])} " if tag[0] == "h" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._end()
            self._lists.pop()
        elif tag == "tr":
            self._end_row()
        elif _BLOCKS.fullmatch(tag) and not (tag == "p" and self._lists):
            self._end()
        elif tag in ("th", "td"):
            self._words.append(" ")
        elif tag in _MARKS:
            self._words.append(_MARKS[tag])
        elif tag == "a" and self._address:
            self._words.append(f"]({self._address})")
            self._address = ""

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def _end_row(self) -> None:
        cells, first = self._cells, not (self._blocks and self._blocks[-1].startswith("|"))
        self._words.append("|")
        self._end()
        if first and cells:
            self._blocks.append("|" + "---|" * cells)

    def _end(self) -> None:
        words = " ".join("".join(self._words).split()).replace("****", "")
        if words.strip("*|# "):
            self._blocks.append(self._mark + words)
        self._words, self._mark = [], ""
