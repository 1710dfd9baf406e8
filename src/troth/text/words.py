"""The words of a text, in the form in which they are found again: without case, accents and signs around them."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:[.\-][^\W_]+)*")
_BETWEEN = re.compile(r"[.\-]")


def list_words(text: str, *, most: int) -> list[str]:
    """The first words, each once; of a word with dots or hyphens, its parts, too."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    found: dict[str, None] = {}
    for word in _WORD.findall(plain):
        found |= dict.fromkeys([word, *_BETWEEN.split(word)] if _BETWEEN.search(word) else [word])
        if len(found) >= most:
            break
    return list(found)[:most]
