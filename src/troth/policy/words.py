"""Words of any script, compared by what they begin with: “retention” and “retained”, 住所 and 住所録."""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[\u0000-\u024f\u0370-\u052f]+")
_STEM, _PAIR = 4, 2


@lru_cache(maxsize=4096)
def list_stems(text: str, fillers: frozenset[str] = frozenset(), *, least: int = 2) -> frozenset[str]:
    """The first letters of each word; of scripts that join words or change their beginning, every pair of letters.

    Takes   least: the fewest letters of a word in Latin, Greek or Cyrillic that counts
    """
    words = {*_WORD.findall(_fold(text))} - fillers
    return frozenset(stem for word in words for stem in _stem(word, least))


def _fold(text: str) -> str:
    """Small letters without marks: vowel signs are marks in Hindi, Arabic and Hebrew."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.lower())
    marks = {ord(letter): None for letter in {*apart} if unicodedata.category(letter).startswith("M")}
    return apart.translate(marks) if marks else apart


def _stem(word: str, least: int) -> list[str]:
    if word.isascii() or _LATIN.fullmatch(word):
        return [word[:_STEM]] if len(word) >= least else []
    return [word[at : at + _PAIR] for at in range(len(word) - 1)]
