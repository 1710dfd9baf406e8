"""What an answer on paper consists of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, or a table: `rows` with `header` above."""

    words: str = ""
    is_heading: bool = False
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def heading(words: str) -> Block:
    return Block(words, is_heading=True)


def paragraph(words: str) -> Block:
    return Block(words)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Block:
    """A table with its header repeated on each page; without rows it says that there are none."""
    return Block(header=tuple(header), rows=tuple(tuple(row) for row in rows))
