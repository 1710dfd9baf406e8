"""What a sentence claims, clause by clause: what is done, and whether this is said or denied.

A negation counts in its own clause, up to the words that say what is done: “If you don’t object, we sell your data”
denies nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .lexicon import Lexicon, Pattern

_STOP = re.compile("[;—–]")
"""Behind one of these a condition that leads a sentence governs no more."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a clause says is done, or is not done. `refused`: this holds for those who refused something."""

    text: str
    denied: bool
    refused: bool


@lru_cache(maxsize=4096)
def list_claims(says: Pattern, sentence: str, lexicon: Lexicon) -> tuple[Claim, ...]:
    """The claims of a sentence. A question claims nothing, nor does what people may ask for."""
    if sentence.endswith("?") or not says.may_find(sentence):
        return ()
    return tuple(_list_claims(says, sentence, lexicon))


def list_training(sentence: str, lexicon: Lexicon) -> tuple[Claim, ...]:
    """The claims that models learn from what people give."""
    claims = list_claims(lexicon.training, sentence, lexicon)
    return claims if claims and lexicon.fed.search(sentence) else ()


def split_clauses(sentence: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The clauses of a sentence, in order."""
    return tuple(clause for _, clause in _list_spans(sentence, lexicon))


def _list_claims(says: Pattern, sentence: str, lexicon: Lexicon) -> Iterator[Claim]:
    for start, clause in _list_spans(sentence, lexicon):
        for found in says.finditer(clause):
            if not lexicon.asking.search(clause[: found.start()]):
                denied = bool(lexicon.negation.search(clause[: found.end()]))
                end = start + len(clause)
                at, conditions = start + found.start(), lexicon.refused.finditer(sentence)
                yield Claim(found[0], denied, any(_governs(each, sentence, at, end, lexicon) for each in conditions))


@lru_cache(maxsize=4096)
def _list_spans(sentence: str, lexicon: Lexicon) -> tuple[tuple[int, str], ...]:
    """The clauses of a sentence, each with where it begins."""
    spans, start = [], 0
    for joint in lexicon.joint.finditer(sentence):
        spans.append((start, sentence[start : joint.start()]))
        start = joint.end()
    return (*spans, (start, sentence[start:]))


def _governs(condition: re.Match[str], sentence: str, at: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a condition is one of the claim `at`, whose clause has this `end`.

    “If you opt out, we don’t sell it” governs what follows; “We don’t sell it if you opt out” the clause before."""
    before = sentence[: condition.start()].rstrip()
    leads = not before or before[-1] in ";:—–" or bool(lexicon.opening.search(before.rstrip(",")))
    if leads:
        return condition.start() < at and not _STOP.search(sentence[condition.end() : at])
    return at < condition.start() and end >= len(before.rstrip(","))
