"""The policy's words as whole sentences, where a rule keeps only a part of one."""

from functools import lru_cache

from troth.policy.sentences import find_around, split_items
from troth.policy.terms import Policy, Prose, Section


@lru_cache(maxsize=1_024)
def quote(policy: Policy, anchor: str, words: str = "") -> str:
    """The exact sentence around `words`, or around what the section is quoted by; `words` if they are nowhere."""
    section = policy.section(anchor)
    if section is None:
        return words
    words = words or section.quotation
    wanted = " ".join(words.split())
    return next((found for text in _list_texts(section) if (found := find_around(text, wanted))), words)


def _list_texts(section: Section) -> list[str]:
    """Paragraphs and items of lists, each as one line of plain words."""
    return [item for part in section.parts if isinstance(part, Prose) for item in split_items(part.text)]
