"""Words that are found though they are sealed: each message keeps keyed marks of its words, and a search makes its own.

A mark is 32 bits of an HMAC that only the master key makes. Marks of two words may be the same, so a search may give
too much, never too little; and nobody reads a word from a mark, nor can count how often someone uses it, for a message
keeps each mark once and without its place.
"""

import re
from collections.abc import Iterable

from django.db.models import Q

from troth.cases.thread.models import CaseMessage, WordMark
from troth.seal import vault
from troth.text.words import list_words

MOST_WORDS = 2_000
"""Of one message. What is longer is found by its first words."""
MOST_SOUGHT = 8
_PACKED = re.compile(r"(?:[0-9a-f]{8}){1,24}")


def make_row(message: CaseMessage, text: str) -> WordMark:
    """Once it is stored, the message is found by the words of the text."""
    return WordMark(message=message, marks=sorted(make_marks(text, most=MOST_WORDS)))


def make_marks(text: str, *, most: int) -> set[int]:
    """The marks of the first words; of a word with dots or hyphens, those of its parts, too."""
    index = vault().blind_index
    return {int.from_bytes(index("word", word)[:4], "big", signed=True) for word in list_words(text, most=most)}


def with_marks(marks: Iterable[int]) -> Q:
    """Requests with a message that has all these marks; none for no marks."""
    wanted = sorted(marks)
    found = WordMark.objects.filter(marks__contains=wanted).values("message__case")
    return Q(pk__in=found) if wanted else Q(pk__in=())


def pack(marks: Iterable[int]) -> str:
    """Marks as an address has them, in place of the words."""
    return "".join(f"{mark & 0xFFFFFFFF:08x}" for mark in sorted(marks))


def unpack(digits: str) -> set[int]:
    """The marks of `pack`; nothing for digits that are none."""
    if not _PACKED.fullmatch(digits):
        return set()
    return {int.from_bytes(bytes.fromhex(digits[at : at + 8]), "big", signed=True) for at in range(0, len(digits), 8)}
