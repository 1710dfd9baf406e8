"""Passwords that anybody would try first: those that hold our name or the owner's. Others by Django's own lists."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_LETTERS = 256
_LEAST_BESIDE = 8
_WORD = re.compile(r"\w{3,}")


def refuse_telling(password: str, *, words: Iterable[str]) -> None:
    """Raises ValidationError if little is left of the password without these words, such as a name or an address."""
    rest = password.casefold()
    for word in sorted(_parts(words), key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest) < min(_LEAST_BESIDE, len(password)):
        raise ValidationError(_("Your name, your address or ours is most of this password. Choose other words."))


def _parts(words: Iterable[str]) -> set[str]:
    return {part for word in words for part in _WORD.findall(word.casefold())}
