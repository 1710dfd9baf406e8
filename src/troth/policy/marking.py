"""Compares old and new prose: what was added and what was removed.

Of two passages, the words are compared with the elements that they are in: a word that became bold is another one.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby, takewhile
from operator import itemgetter
from typing import Literal, TypeVar

_BLOCK = re.compile(r"(</?(?:p|ul|ol|li|table|thead|tbody|tr|th|td|blockquote|pre|h[1-6])\b[^>]*>|<hr[^>]*>)")
_PIECE = re.compile(r"<(?!br\b)[^>]*>|<br[^>]*>|\s+|[^<\s]+")
_TAG = re.compile(r"<(/?)(\w+)")
Render = Callable[[str], str]
T = TypeVar("T")
What = Literal["equal", "gone", "added"]
_MARKS: Mapping[What, tuple[str, ...]] = {"equal": (), "gone": ("<del>",), "added": ("<ins>",)}


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a line as HTML, and the tags of the elements that it is in. `apart`: first, or after white space."""

    text: str
    tags: tuple[str, ...]
    apart: bool = field(compare=False)


def mark_changes(old: Sequence[str], new: Sequence[str], render: Render) -> list[tuple[str, bool]]:
    """HTML of each new paragraph with `ins` and `del`, and whether it differs.

    Removed paragraphs come before the next remaining one, or after the last.
    """
    before, after = [_flat(text) for text in old], [_flat(text) for text in new]
    shown: list[tuple[str, bool]] = []
    gone = ""
    for tag, a, a_end, b, b_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        pairs = min(a_end - a, b_end - b) if tag == "replace" else 0
        for number in range(b, b_end):
            if tag == "equal":
                text, changed = render(new[number]), False
            elif number - b < pairs:
                text, changed = _compare(render(old[a + number - b]), render(new[number])), True
            else:
                text, changed = f"<ins>{render(new[number])}</ins>", True
            shown.append((gone + text, changed or bool(gone)))
            gone = ""
        if tag != "equal":
            gone += "".join(f"<del>{render(text)}</del>" for text in old[a + pairs : a_end])
    # Nothing follows what was removed at the end, so it goes behind the last paragraph.
    if gone and shown:
        shown[-1] = (shown[-1][0] + gone, True)
    return shown


def _flat(text: str) -> str:
    return " ".join(text.split())


def _compare(old: str, new: str) -> str:
    """Two passages as HTML: line by line where both have the same structure, item by item for two lists; else apart."""
    before, after = _BLOCK.split(old), _BLOCK.split(new)
    if before[1::2] == after[1::2]:
        lines = [
            _mark_line(was, is_) if at % 2 == 0 else is_
            for at, (was, is_) in enumerate(zip(before, after, strict=True))
        ]
        return "".join(lines)
    old_items, new_items = _list_items(before), _list_items(after)
    if old_items and new_items and before[1] == after[1]:
        return f"{after[1]}\n{_compare_items(old_items, new_items)}{after[-2]}"
    return f"<del>{old}</del><ins>{new}</ins>"


def _list_items(parts: Sequence[str]) -> Sequence[str]:
    """The lines of a list that has no other blocks; empty if it is no such list."""
    tags = parts[1::2]
    is_flat = tags[0][1:3] in ("ul", "ol") and set(tags[1:-1]) == {"<li>", "</li>"} if tags else False
    return parts[4:-2:4] if is_flat else ()


def _compare_items(old: Sequence[str], new: Sequence[str]) -> str:
    lines: list[str] = []
    for tag, a, a_end, b, b_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        pairs = 0 if tag == "equal" else min(a_end - a, b_end - b)
        lines += [_mark_line(old[a + number], new[b + number]) for number in range(pairs)]
        if tag == "equal":
            lines += new[b:b_end]
        else:
            lines += [f"<del>{item}</del>" for item in old[a + pairs : a_end]]
            lines += [f"<ins>{item}</ins>" for item in new[b + pairs : b_end]]
    return "".join(f"<li>{line}</li>\n" for line in lines)


def _mark_line(old: str, new: str) -> str:
    """Two lines of words and elements within a line as one."""
    if old == new:
        return new
    shown = ""
    open_: tuple[str, ...] = ()
    for what, word in _align(list(_list_words(old)), list(_list_words(new))):
        tags = (*word.tags, *_MARKS[what])
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(open_, tags, strict=False)))
        shown += _close(open_[same:])
        shown += " " if shown and word.apart else ""
        shown += "".join(tags[same:]) + word.text
        open_ = tags
    return shown + _close(open_)


def _close(tags: Sequence[str]) -> str:
    return "".join(f"</{found[2]}>" for tag in reversed(tags) if (found := _TAG.match(tag)))


def _list_words(line: str) -> Iterator[_Word]:
    tags: tuple[str, ...] = ()
    apart = True
    for piece in _PIECE.findall(line):
        found = _TAG.match(piece)
        if piece.isspace():
            apart = True
        elif found and found[2] != "br":
            tags = tags[:-1] if found[1] else (*tags, piece)
        else:
            yield _Word(piece, tags, apart)
            apart = False


def mark_words(old: Sequence[str], new: str) -> str:
    """A paragraph as plain text, compared with the one of the old that is most like it, as `git diff --word-diff`."""
    likest = find_likest(old, new)
    tags = {"equal": "{}", "gone": "[-{}-]", "added": "{{+{}+}}"}
    runs = groupby(_align(likest.split(), new.split()), key=itemgetter(0))
    return " ".join(tags[what].format(" ".join(word for _, word in run)) for what, run in runs) if likest else new


def find_likest(old: Sequence[str], new: str) -> str:
    """The one of the old paragraphs that is most like the new one, by their words; "" where there is none."""
    return max(
        old, key=lambda text: SequenceMatcher(None, text.split(), new.split(), autojunk=False).ratio(), default=""
    )


def _align(before: Sequence[T], after: Sequence[T]) -> Iterator[tuple[What, T]]:
    """Each word that is equal, gone or added, in order."""
    for tag, a, a_end, b, b_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (("equal", word) for word in after[b:b_end])
            continue
        yield from (("gone", word) for word in before[a:a_end])
        yield from (("added", word) for word in after[b:b_end])
