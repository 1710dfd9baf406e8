"""Writes headings, paragraphs and tables as a Word document whose marked words are tracked changes."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import count

from django.utils.translation import get_language
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

from troth.paper.blocks import Mark, TextBlock

_Line = list[tuple[str, Mark]]


def write(title: str, blocks: Sequence[TextBlock], *, author: str, direction: str) -> bytes:
    """The document of `word_document`."""
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, author, ""
    properties.language = get_language() or "en"
    page = _Page(document, author=author, from_right=direction == "rtl")
    page.add_line([(title, "")], style="Title")
    for block in blocks:
        page.add(block)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


class _Page:
    def __init__(self, document: WordDocument, *, author: str, from_right: bool) -> None:
        self._document, self._author, self._from_right = document, author, from_right
        self._numbers = count(1)

    def add(self, block: TextBlock) -> None:
        if block.header:
            self._add_table(block)
            return
        style = "Heading 2" if block.is_heading else "Normal"
        for line in _split(block.marked or ((block.text, ""),)):
            self.add_line(line, style=style)

    def add_line(self, line: _Line, *, style: str) -> None:
        """A paragraph; one of a single mark comes or goes as a whole, with its end."""
        paragraph = self._document.add_paragraph(style=style)
        properties = paragraph._p.get_or_add_pPr()
        if self._from_right:
            properties.append(OxmlElement("w:bidi"))
        marks = {mark for words, mark in line if words.strip()}
        if len(marks) == 1 and (whole := marks.pop()):
            ends = OxmlElement("w:rPr")
            ends.append(self._track(whole))
            properties.append(ends)
        for words, mark in line:
            self._add_words(paragraph, words, mark)

    def _add_words(self, paragraph: Paragraph, words: str, mark: Mark) -> None:
        run = paragraph.add_run(words)
        if self._from_right:
            run.font.rtl = True
        if not mark:
            return
        change = self._track(mark)
        run._r.addprevious(change)
        change.append(run._r)
        if mark == "del":
            for text in run._r.findall(qn("w:t")):
                text.tag = qn("w:delText")

    def _track(self, mark: Mark) -> BaseOxmlElement:
        change: BaseOxmlElement = OxmlElement(f"w:{mark}")
        change.set(qn("w:id"), str(next(self._numbers)))
        change.set(qn("w:author"), self._author)
        return change

    def _add_table(self, block: TextBlock) -> None:
        table = self._document.add_table(rows=0, cols=len(block.header), style="Table Grid")
        for row in (block.header, *block.rows):
            for cell, words in zip(table.add_row().cells, row, strict=True):
                cell.text = words


def _split(pieces: Sequence[tuple[str, Mark]]) -> Iterator[_Line]:
    """The pieces of each line."""
    line: _Line = []
    for words, mark in pieces:
        first, *others = words.split("\n")
        line.append((first, mark))
        for other in others:
            yield line
            line = [(other, mark)]
    yield line
