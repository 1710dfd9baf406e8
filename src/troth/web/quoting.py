"""The policy's words as a reader wants them: whole sentences, where a rule keeps only a part of one."""

import re
from functools import lru_cache

from troth.policy.terms import Policy, Prose, Section

_END = re.compile(r"[.!?][\"'”’)]*(?=\s|$)")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+", re.MULTILINE)
_MARKS = re.compile(r"[*_`]|!?\[([^\]]*)\]\([^)]*\)")


@lru_cache(maxsize=1_024)
def quote(policy: Policy, anchor: str, words: str = "") -> str:
    """The exact sentence around `words`, or around what the section is quoted by; `words` if they are nowhere."""
    section = policy.section(anchor)
    if section is None:
        return words
    words = words or section.quotation
    found = (_around(text, words) for text in _texts(section))
    return next((sentence for sentence in found if sentence), words)


def _texts(section: Section) -> list[str]:
    """Paragraphs and items of lists, each as one line of plain words."""
    texts = []
    for part in section.parts:
        if isinstance(part, Prose):
            plain = _MARKS.sub(lambda found: found[1] or "", part.text)
            texts += [" ".join(item.split()) for item in _ITEM.split(plain)]
    return texts


def _around(text: str, words: str) -> str:
    wanted = " ".join(words.split())
    at = text.find(wanted)
    if not wanted or at < 0:
        return ""
    ends = [0, *(found.end() for found in _END.finditer(text)), len(text)]
    start = max(end for end in ends if end <= at)
    stop = min(end for end in ends if end >= at + len(wanted))
    return text[start:stop].strip()
