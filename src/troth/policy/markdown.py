"""HTML and DOCX as Markdown.

    from_html('<h2 id="who">Who we are</h2><p>See <a href="#who">above</a>.')    # {#who}, the heading, the paragraph

mammoth makes HTML of DOCX by the styles that Word gives to headings and lists. nh3 parses HTML as a browser does, and
leaves headings, paragraphs, lists, tables, emphasis, links and what they lead to. markdownify writes it as Markdown. A
link to a place within the page leads to the heading of that place, which is named above it.
"""

import re
from collections import deque
from collections.abc import Mapping
from copy import copy
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import mammoth
import nh3
from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "blockquote", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td", "strong", "b", "em", "i", "a"),
    *("div", "section", "article", "span"),
}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_AROUND = {"head", "nav", "header", "footer", "aside", "script", "style", "title", "form"}
"""What is around the text of a page, or isn't text."""
_SPANS = ("rowspan", "colspan")
_ATTRIBUTES = {"*": {"id"}, "a": {"href", "name", "id"}, "td": {"id", *_SPANS}, "th": {"id", *_SPANS}}
_TITLE = "p[style-name='Title'] => h1.title:fresh"
_NOTES = ("p", "li")
_SIGN = re.compile(r"\d{1,3}|[*†‡§]{1,3}")
_BACK = ("↑", "↩", "↩︎", "^")
_MOST_UNPACKED = 50_000_000
_MOST_SPANNED = 100


class DocumentTooLarge(ValueError):
    """The document unpacks to more than 50 MB."""


def from_docx(source: bytes) -> str:
    """The Markdown of a Word document.   Raises  DocumentTooLarge; for a broken one, whatever the libraries raise."""
    with ZipFile(BytesIO(source)) as archive:
        if sum(each.file_size for each in archive.infolist()) > _MOST_UNPACKED:
            raise DocumentTooLarge
    return from_html(_lower_headings(str(mammoth.convert_to_html(BytesIO(source), style_map=_TITLE).value)))


def _lower_headings(html: str) -> str:
    """Below a line in Word's style Title, which is the page's heading, each heading is a level lower."""
    page = BeautifulSoup(html, "html.parser")
    titles = page.find_all("h1", class_="title")
    for heading in page.find_all(_HEADINGS[:5]) if titles else ():
        if heading not in titles:
            heading.name = f"h{int(heading.name[1]) + 1}"
    return str(page) if titles else html


def from_html(html: str) -> str:
    """The Markdown of a page's text, without what is around it."""
    clean = nh3.clean(html, tags=_TAGS, clean_content_tags=_AROUND, attributes=_ATTRIBUTES, link_rel=None)
    page = BeautifulSoup(clean, "html.parser")
    _mark_notes(page)
    _name_headings(page)
    for table in page.find_all("table"):
        _fill_spans(table)
    return _WRITER.convert_soup(page).strip() + "\n"


def _mark_notes(page: BeautifulSoup) -> None:
    """A number that links to a paragraph further down is a footnote, and so is what it leads to."""
    order = {id(each): number for number, each in enumerate(page.find_all(True))}
    places = _list_places(page)
    labels: dict[int, str] = {}
    for link in page.find_all("a", href=re.compile("^#.")):
        if link.decomposed:  # it led back from a footnote
            continue
        sign, place = link.get_text(strip=True).strip("[]()"), places.get(str(link["href"])[1:])
        note = place if place is None or place.name in _NOTES else place.find_parent(_NOTES)
        if not _SIGN.fullmatch(sign) or note is None or link in note.descendants or order[id(note)] < order[id(link)]:
            continue
        if id(note) not in labels:
            labels[id(note)] = str(len(labels) + 1)
            _write_note(note, sign, labels[id(note)])
        link.replace_with(f"[^{labels[id(note)]}]")


def _list_places(page: BeautifulSoup) -> Mapping[object, Tag]:
    """Name → where a link to it leads."""
    return {name: place for place in page.find_all(True) for name in (place.get("name"), place.get("id")) if name}


def _write_note(note: Tag, sign: str, label: str) -> None:
    """The paragraph of a footnote, without its own number and the links that lead back."""
    for back in note.find_all("a", href=re.compile("^#")):
        if back.get_text(strip=True).strip("[]()") in (sign, "", *_BACK):
            back.decompose()
    first = note.find(string=re.compile(r"\S"))
    if first is not None:
        first.replace_with(re.sub(rf"^\s*(?:[\[(]?{re.escape(sign)}(?!\w)[\])]?[.:]?)?\s*", "", str(first)))
    for paragraph in note.find_all("p"):
        paragraph.unwrap()
    note.insert(0, f"[^{label}]: ")
    items, note.name = note.parent if note.name == "li" else None, "p"
    if items is not None:
        items.insert_before(note.extract())
        if not items.find("li"):
            items.decompose()


def _name_headings(page: BeautifulSoup) -> None:
    """Each heading keeps the name that links to it use, and the links of its section lead to it."""
    places = _list_places(page)
    for heading in page.find_all(_HEADINGS):
        heading["id"] = _write_name(str(heading.get("id", "")))
    for link in page.find_all("a", href=re.compile("^#.")):
        place = places.get(str(link["href"])[1:])
        home = place and _find_heading(place)
        if home:
            home["id"] = home["id"] or _write_name(str(link["href"])[1:])
            link["href"] = f"#{home['id']}"


def _fill_spans(table: Tag) -> None:
    """A cell that spans rows is repeated in each, and one that spans columns is followed by empty ones.

    Markdown has no such cells."""
    above: dict[int, tuple[int, Tag]] = {}
    for row in (each for each in table.find_all("tr") if each.find_parent("table") is table):
        cells = deque(row.find_all(["td", "th"], recursive=False))
        filled: list[Tag] = []
        below: dict[int, tuple[int, Tag]] = {}
        while cells or len(filled) in above:
            spanning = above.get(len(filled))
            rows, cell = spanning or (_read_span(cells[0], "rowspan"), cells.popleft())
            if rows > 1:
                below[len(filled)] = rows - 1, cell
            wide = 1 if spanning else _read_span(cell, "colspan")
            filled += [copy(cell), *(Tag(name=cell.name) for _ in range(wide - 1))]
        above = below
        row.clear()
        row.extend(filled)


def _read_span(cell: Tag, name: str) -> int:
    number = str(cell.get(name, "1")).strip()
    return min(max(int(number), 1), _MOST_SPANNED) if number.isascii() and number.isdecimal() else 1


def _find_heading(place: Tag) -> Tag | None:
    """The heading that a place is, is in or holds; an empty place is above its heading; else the one of its section."""
    if place.name in _HEADINGS:
        return place
    around = place.find_parent(_HEADINGS) or place.find(_HEADINGS)
    below = None if place.get_text(strip=True) else place.find_next(_HEADINGS)
    return around or below or place.find_previous(_HEADINGS)


def _write_name(name: str) -> str:
    """A name as the policy language writes anchors; "" where nothing is left of it."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).lstrip("-0123456789")[:40].rstrip("-")


class _Writer(MarkdownConverter):
    def escape(self, text: str, parent_tags: Any) -> str:
        """A bar within a cell is no border of it."""
        words = str(super().escape(text, parent_tags))  # type: ignore[misc]  # its stub leaves the method out
        return words.replace("|", "\\|") if "td" in parent_tags or "th" in parent_tags else words

    def convert_hN(self, level: int, heading: Tag, text: str, parent_tags: Any) -> str:
        """A heading, with its name on the line above."""
        words = str(super().convert_hN(level, heading, text, parent_tags))  # type: ignore[misc]
        name = heading.get("id")
        return f"\n\n{{#{name}}}\n{words.lstrip()}" if name and words.lstrip().startswith("#") else words


_WRITER = _Writer(heading_style="atx", bullets="-", autolinks=False, escape_misc=False, table_infer_header=True)
