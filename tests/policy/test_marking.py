"""Prose of two versions side by side: whole HTML, whatever either has in it, and the new text once removals are left out."""

import random
from html.parser import HTMLParser

from troth.policy.marking import mark_changes
from troth.policy.markup import render

PAIRS = 300
PHRASES = (
    "plain {}",
    "**bold {}**",
    "*slanted {}*",
    "**[both {}](#a)**",
    '[link {}](https://x.example/a?b=1&c=2 "a>b")',
    "`code<b {}`",
    "![picture {}](x.png)",
    "AT&T {} <5",
    "line {}  \nbreak",
    "a*b {}",
    "\\<script\\> {}",
)
_VOID = frozenset({"br", "hr"})


class _Shown(HTMLParser):
    """Words as a reader sees them, without those inside `skipped`; `open`: elements that weren't closed in order."""

    def __init__(self, html: str, skipped: str = "") -> None:
        super().__init__()
        self.open: list[str] = []
        self.words = ""
        self._skipped = skipped
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._skipped not in self.open:
            self.words += "".join(data.split())


def invent(chance: random.Random) -> str:
    """A paragraph, a list or a table."""
    phrases = [
        chance.choice(PHRASES).format(chance.choice(["red", "blue", "green"])) for _ in range(chance.randint(1, 4))
    ]
    shape = chance.random()
    if shape < 0.6:
        return " ".join(phrases)
    lines = [phrase.replace("\n", " ") for phrase in phrases]
    if shape < 0.8:
        return "\n".join(f"- {line}" for line in lines)
    return "| A | B |\n|---|---|\n" + "\n".join(f"| {line} | x |" for line in lines)


def test_marked_prose_is_whole_and_reads_as_the_new_text_without_what_is_gone() -> None:
    chance = random.Random(4)
    for _ in range(PAIRS):
        old = [invent(chance) for _ in range(chance.randint(0, 3))]
        new = [invent(chance) for _ in range(chance.randint(1, 3))]
        if old and chance.random() < 0.5:
            new[0] = f"{old[0]} {chance.choice(PHRASES).format('new')}"

        shown = _Shown("".join(html for html, _changed in mark_changes(old, new, render)), skipped="del")

        assert shown.open == []
        assert shown.words == _Shown("".join(map(render, new))).words
