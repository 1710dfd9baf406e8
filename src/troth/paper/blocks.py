"""The parts of a printed answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Mark = Literal["", "ins", "del"]


@dataclass(frozen=True)
class TextBlock:
    """A heading, a paragraph, or a table: `rows` with `header` above.

    marked   instead of `text`, words with marks: underlined where they are new, struck out where they are gone"""

    text: str = ""
    is_heading: bool = False
    marked: tuple[tuple[str, Mark], ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def heading(words: str) -> TextBlock:
    return TextBlock(words, is_heading=True)


def paragraph(words: str) -> TextBlock:
    return TextBlock(words)


def mark_heading(pieces: Iterable[tuple[str, Mark]]) -> TextBlock:
    return TextBlock(marked=tuple(pieces), is_heading=True)


def mark_words(pieces: Iterable[tuple[str, Mark]]) -> TextBlock:
    return TextBlock(marked=tuple(pieces))


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> TextBlock:
    """A table with its header repeated on each page; without rows it says that there are none."""
    return TextBlock(header=tuple(header), rows=tuple(tuple(row) for row in rows))
