"""Checks that a promise doesn't deny the sentence of its prose that it repeats: “You may never close your account”."""

import re
from functools import lru_cache

from .findings import Report
from .grammar import Document, Group
from .lexicon import Lexicon
from .reading import Terms
from .sentences import list_sentences

_WORD = re.compile(r"[\w’']+")
_NEARLY = 0.75
"""From which share of common words on a duty repeats a sentence."""


def check_duties(document: Document, terms: Terms, lexicon: Lexicon | None, report: Report) -> None:
    """Reports each duty with the words of a sentence beside it, but for a negation."""
    for _, group in document.groups if lexicon else ():
        assert lexicon is not None
        for block in group.blocks:
            duty = terms.promises[block.id].duty if block.type == "promise" else ""
            sentence = _find_denied(duty, group, lexicon) if duty else ""
            if sentence:
                place = terms.gathered.places.get(("promise", block.id, "duty")) or block
                report.add("duty-denied", place, id=block.id, sentence=sentence)


def _find_denied(duty: str, group: Group, lexicon: Lexicon) -> str:
    """The sentence that a duty repeats and denies; empty where another one says the same as the duty."""
    words = _list_words(duty, lexicon)
    near = [each for each in list_sentences(group.text) if _share(words, _list_words(each, lexicon)) >= _NEARLY]
    denied = bool(lexicon.negation.search(duty))
    others = [each for each in near if bool(lexicon.negation.search(each)) != denied]
    return others[0] if others and len(others) == len(near) else ""


@lru_cache(maxsize=4096)
def _list_words(text: str, lexicon: Lexicon) -> frozenset[str]:
    return frozenset(_WORD.findall(lexicon.negation.sub("", text).lower()))


def _share(words: frozenset[str], others: frozenset[str]) -> float:
    return len(words & others) / max(1, len(words | others))
