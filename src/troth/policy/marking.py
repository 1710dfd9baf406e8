"""Compares old and new prose: what was added and what was removed."""

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from html import escape

_MARKUP = re.compile(r"[*_`\[\]<>&\\|#~]|^\s*(?:[-+]|\d+[.)])\s", re.MULTILINE)
_LIST_LINE = re.compile(r"- (.+)")
_WORDS = re.compile(r"\S+")
Render = Callable[[str], str]


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
                text, changed = _compare(old[a + number - b], new[number], render), True
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


def _compare(old: str, new: str, render: Render) -> str:
    if not _MARKUP.search(old) and not _MARKUP.search(new):
        return f"<p>{_words(old, new)}</p>"
    old_items, new_items = _items(old), _items(new)
    if old_items and new_items:
        return _list(old_items, new_items)
    return f"<del>{render(old)}</del><ins>{render(new)}</ins>"


def _items(text: str) -> list[str]:
    """The items of a plain list; empty if it is no such list or an item has markup."""
    found = [_LIST_LINE.fullmatch(line) for line in text.splitlines()]
    items = [match[1] for match in found if match]
    return items if len(items) == len(found) and not any(_MARKUP.search(item) for item in items) else []


def _list(old: list[str], new: list[str]) -> str:
    lines = []
    for tag, a, a_end, b, b_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [escape(item) for item in new[b:b_end]]
            continue
        pairs = min(a_end - a, b_end - b)
        lines += [_words(old[a + number], new[b + number]) for number in range(pairs)]
        lines += [f"<del>{escape(item)}</del>" for item in old[a + pairs : a_end]]
        lines += [f"<ins>{escape(item)}</ins>" for item in new[b + pairs : b_end]]
    return "<ul>\n" + "".join(f"<li>{line}</li>\n" for line in lines) + "</ul>"


def _words(old: str, new: str) -> str:
    tags = {"equal": "{}", "gone": "<del>{}</del>", "added": "<ins>{}</ins>"}
    return " ".join(tags[what].format(escape(words)) for what, words in _split(old, new))


def mark_words(old: Sequence[str], new: str) -> str:
    """A paragraph as plain text, compared with the one of the old that is most like it, as `git diff --word-diff`."""
    likest = max(
        old, key=lambda text: SequenceMatcher(None, text.split(), new.split(), autojunk=False).ratio(), default=""
    )
    tags = {"equal": "{}", "gone": "[-{}-]", "added": "{{+{}+}}"}
    return " ".join(tags[what].format(words) for what, words in _split(likest, new)) if likest else new


def _split(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Runs of words that are equal, gone or added."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    for tag, a, a_end, b, b_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "equal", " ".join(after[b:b_end])
            continue
        if a < a_end:
            yield "gone", " ".join(before[a:a_end])
        if b < b_end:
            yield "added", " ".join(after[b:b_end])
