"""What a sentence claims, clause by clause: what is done, and whether this is said or denied.

A negation counts in its own clause, up to the words that say what is done: “If you don’t object, we sell your data”
denies nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .lexicon import Lexicon, Pattern


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a clause says is done, or is not done."""

    text: str
    denied: bool


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


@lru_cache(maxsize=4096)
def split_clauses(sentence: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The clauses of a sentence, in order."""
    return tuple(lexicon.joint.split(sentence))


def _list_claims(says: Pattern, sentence: str, lexicon: Lexicon) -> Iterator[Claim]:
    for clause in split_clauses(sentence, lexicon):
        for found in says.finditer(clause):
            if not lexicon.asking.search(clause[: found.start()]):
                yield Claim(found[0], bool(lexicon.negation.search(clause[: found.end()])))
