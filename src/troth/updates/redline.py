"""The redline for counsel: the whole new text with what is new and what is gone, as a PDF and with tracked changes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from troth.paper import paper, word_document
from troth.paper.blocks import Mark, TextBlock, heading, mark_heading, mark_words, paragraph
from troth.policy import Change, Policy, diff, publish
from troth.policy.page import Page, PageProse, PageSection

_STARTS_A_LINE = frozenset({"p", "li", "tr", "br", "dt", "dd", "blockquote", "h3", "h4"})


@dataclass(frozen=True)
class Redline:
    """The changes in words, then each section, then the sections that are gone.

    `author`: whose the tracked changes are; `direction`: how the text is written, `ltr` or `rtl`."""

    title: str
    blocks: tuple[TextBlock, ...]
    author: str
    direction: str


@dataclass(frozen=True)
class Form:
    """A form of the redline: its media type, and its bytes."""

    media_type: str
    write: Callable[[Redline], bytes]


def compare(old: Policy, new: Policy, earlier: list[Policy]) -> Redline:
    """What counsel reads of a version beside the one before it.   Takes  earlier: the versions before both"""
    page = publish(new, old, say=_)
    title = _("%(title)s: version %(old)d to %(new)d")
    return Redline(
        title % {"title": page.title, "old": old.version, "new": new.version},
        (*_list_changes(old, new, earlier), *_list_sections(page, old)),
        author=_("%(organization)s, version %(number)d") % {"organization": new.organization, "number": new.version},
        direction=page.direction,
    )


def _draw(redline: Redline) -> bytes:
    return paper(redline.title, redline.blocks)


def _track(redline: Redline) -> bytes:
    return word_document(redline.title, redline.blocks, author=redline.author, direction=redline.direction)


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS: Mapping[str, Form] = {"pdf": Form("application/pdf", _draw), "docx": Form(_DOCX, _track)}
"""Ending of a file's name → how it is written."""


def _list_changes(old: Policy, new: Policy, earlier: list[Policy]) -> Iterator[TextBlock]:
    pattern = pgettext("date format: November 20, 2026", "F j, Y")
    dates = {name: formats.date_format(each.effective, pattern) for name, each in (("old", old), ("new", new))}
    yield paragraph(_("In force from %(new)s; the former version since %(old)s.") % dates)
    yield paragraph(_("Underlined: new. Struck out: no longer there."))
    yield heading(_("What changes"))
    changes = diff(old, new, earlier=earlier, say=_)
    for each in changes:
        yield paragraph(f"{_name_class(each)}: {each.sentence}")
    if not changes:
        yield paragraph(_("Nothing changes."))


def _name_class(change: Change) -> str:
    return {
        "ask": pgettext("a change of the policy", "Asks"),
        "notify": pgettext("a change of the policy", "Notifies"),
        "narrows": pgettext("a change of the policy", "Narrows"),
        "wording": pgettext("a change of the policy", "Wording"),
        "refused": pgettext("a change of the policy", "Can’t be adopted"),
    }[change.class_]


def _list_sections(page: Page, old: Policy) -> Iterator[TextBlock]:
    before = {section.anchor: section for section in publish(old, say=_).sections}
    for section in page.sections:
        yield mark_heading(_compare_titles(before.pop(section.anchor, None), section))
        yield from _list_prose(section)
    for section in before.values():
        yield mark_heading([(section.title, "del")])
        for block in _list_prose(section):
            yield mark_words([(words, "del") for words, _mark in block.marked])


def _compare_titles(old: PageSection | None, new: PageSection) -> list[tuple[str, Mark]]:
    if old is None:
        return [(new.title, "ins")]
    return [(new.title, "")] if old.title == new.title else [(old.title, "del"), (" ", ""), (new.title, "ins")]


def _list_prose(section: PageSection) -> Iterator[TextBlock]:
    return (mark_words(read_marks(part.html)) for part in section.parts if isinstance(part, PageProse))


def read_marks(html: str) -> list[tuple[str, Mark]]:
    """The words of a passage as the policy's page shows it, with its marks, a line for each item and row."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [(words, mark) for words, mark in reader.pieces if words]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[tuple[str, Mark]] = []
        self._mark: Mark = ""
        self._numbers: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        match tag:
            case "ins" | "del":
                self._mark = tag
            case "ol" | "ul":
                start = dict(attrs).get("start")
                self._numbers.append(int(start or 1) if tag == "ol" else 0)
            case "td" | "th":
                self._add(" ")
        if tag in _STARTS_A_LINE and self.pieces:
            self.pieces.append(("\n", ""))
        if tag == "li":
            self._add(self._take_sign())

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ins", "del"):
            self._mark = ""
        elif tag in ("ol", "ul") and self._numbers:
            self._numbers.pop()

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words:
            self._add(f"{' ' * data[0].isspace()}{words}{' ' * data[-1].isspace()}")
        elif data and self.pieces:
            self._add(" ")

    def _take_sign(self) -> str:
        if not self._numbers or not self._numbers[-1]:
            return "• "
        self._numbers[-1] += 1
        return f"{self._numbers[-1] - 1}. "

    def _add(self, words: str) -> None:
        self.pieces.append((words, self._mark))
