"""The words of a text, in the form in which they are found again: without case, accents and signs around them."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:[.\-][^\W_]+)*")
_BETWEEN = re.compile(r"[.\-]")


def list_words(text: str, *, most: int) -> list[str]:
    """The first words, each once; of a word with dots or hyphens, its parts, too."""
    found: dict[str, None] = {}
    for word in dict.fromkeys(_WORD.findall(_plain(text))):
        found[word] = None
        if not word.isalnum():
            found |= dict.fromkeys(_BETWEEN.split(word))
        if len(found) >= most:
            break
    return list(found)[:most]


def _plain(text: str) -> str:
    """Each sign that changes another one is left out; text in ASCII has none, and is not looked at sign by sign."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
