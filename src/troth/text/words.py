"""The words of a text, in the form in which they are found again: without case, accents and signs around them."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:[.\-][^\W_]+)*")
_BETWEEN = re.compile(r"[.\-]")
_MOST_KEPT = 5_000


class _Signs(dict[int, int | str | None]):
    """What becomes of each sign, by its code: one that changes another is left out, one between words is a blank."""

    def __missing__(self, code: int) -> int | str | None:
        sign = chr(code)
        kept = None if unicodedata.combining(sign) else code if sign.isalnum() or sign in ".-" else " "
        if len(self) < _MOST_KEPT:  # who writes to us could fill it with all signs that there are
            self[code] = kept
        return kept


_SIGNS = _Signs()


def list_words(text: str, *, most: int) -> list[str]:
    """The first words, each once; of a word with dots or hyphens, its parts, too."""
    found: dict[str, None] = {}
    for piece in dict.fromkeys(_plain(text).split()):  # most pieces repeat, and most are words: both are cheap to see
        if piece.isalnum():
            found[piece] = None
        else:
            found |= dict.fromkeys(_take_apart(piece))
        if len(found) >= most:
            break
    return list(found)[:most]


def _take_apart(piece: str) -> list[str]:
    return [part for word in _WORD.findall(piece) for part in dict.fromkeys((word, *_BETWEEN.split(word)))]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text.casefold()).translate(_SIGNS)
