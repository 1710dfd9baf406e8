"""A text in Markdown as a list of its blocks, which are moved, removed and added by buttons.

The text stays what is saved: joined again, its blocks are the same text, but for blank lines between them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from troth.composing.grammar import FENCE

_ALONE = re.compile(r"^\s*(?:#{1,6}\s|-{3,}\s*$)")
_STARTS = (
    ("heading", re.compile(r"^\s*#{1,6}\s")),
    ("divider", re.compile(r"^\s*-{3,}\s*$")),
    ("picture", re.compile(r"^\s*!\[")),
    ("list", re.compile(r"^\s*(?:[-*+]|\d+[.)])\s")),
)
_WITHOUT_BODY = ("product", "snippet")


class BlockGone(Exception):
    """The text has changed since its blocks were listed, and this one is no longer where it was."""


@dataclass(frozen=True)
class ArrangedBlock:
    """One block as it was typed. `what`: heading, divider, picture, list, text, or the name after :::"""

    what: str
    text: str

    @property
    def mark(self) -> str:
        """Tells it from another block in its place."""
        return f"{crc32(self.text.encode()):08x}"


def split_blocks(text: str) -> list[ArrangedBlock]:
    return [
        ArrangedBlock(_name(lines[0]), "\n".join(lines)) for lines in _group(text.replace("\r\n", "\n").split("\n"))
    ]


def move_block(text: str, place: int, mark: str, *, by: int) -> str:
    """The text with that block one or more places on; at either end it stays.   Raises  BlockGone."""
    blocks = split_blocks(text)
    found = blocks.pop(_find(blocks, place, mark))
    blocks.insert(max(0, place + by), found)
    return _join(blocks)


def remove_block(text: str, place: int, mark: str) -> str:
    """Raises  BlockGone."""
    blocks = split_blocks(text)
    del blocks[_find(blocks, place, mark)]
    return _join(blocks)


def add_block(text: str, block: str) -> str:
    """The text with one more block at its end."""
    return "\n\n".join(filter(None, (text.rstrip(), block)))


def _find(blocks: Sequence[ArrangedBlock], place: int, mark: str) -> int:
    if not 0 <= place < len(blocks) or blocks[place].mark != mark:
        raise BlockGone
    return place


def _join(blocks: Sequence[ArrangedBlock]) -> str:
    return "\n\n".join(block.text for block in blocks)


def _group(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines of each block."""
    found: list[str] = []
    fenced = False
    for line in lines:
        fence = FENCE.match(line)
        opens = fence is not None and bool(fence["what"])
        if found and (opens or (not fenced and (not line.strip() or _ALONE.match(line)))):
            yield found
            found, fenced = [], False
        if found or line.strip():
            found.append(line)
        if fence is not None:
            fenced = opens and fence["what"] not in _WITHOUT_BODY
        if found and (not fenced and (fence is not None or _ALONE.match(line))):
            yield found
            found = []
    if found:
        yield found


def _name(line: str) -> str:
    fence = FENCE.match(line)
    if fence is not None:
        return str(fence["what"] or "text")
    return next((what for what, start in _STARTS if start.match(line)), "text")
