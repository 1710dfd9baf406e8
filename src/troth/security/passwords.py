"""Passwords: in which form they are hashed and tried, how long they are, and those that anybody would try first.

hashed("pässword")            the hash of the composed letters (NFC), whatever keyboard wrote them
matches("pässword", hash)     by the composed letters; by the others too, for hashes of before that rule
"""

import re
import unicodedata
from collections.abc import Iterable

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from troth.text import secret

MOST_LETTERS = 256
_LEAST_BESIDE = 8
_WORD = re.compile(r"\w{3,}")


def hash_password(password: str) -> str:
    """The hash of a password that was chosen."""
    return make_password(secret(password))


def matches(password: str, hash: str) -> bool:
    """Whether the hash is that of the password, however its letters are composed."""
    return any(check_password(form, hash) for form in forms_of(password))


def forms_of(password: str) -> tuple[str, ...]:
    """What a typed password is tried as, the form of today first: one for most, three where letters have marks."""
    return tuple(dict.fromkeys((secret(password), password, unicodedata.normalize("NFD", password))))


class AtMost:
    """A validator for every way in which a password is set: so long that nobody needs more, and no work for nothing."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > MOST_LETTERS:
            words = {"limit": MOST_LETTERS, "length": len(password)}
            raise ValidationError(_("Shorten this to %(limit)d characters. It has %(length)d.") % words)

    def get_help_text(self) -> str:
        return _("At most %(limit)d characters.") % {"limit": MOST_LETTERS}


def refuse_telling(password: str, *, words: Iterable[str]) -> None:
    """Raises ValidationError if little is left of the password without these words, such as a name or an address."""
    rest = password.casefold()
    for word in sorted(_parts(words), key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest) < min(_LEAST_BESIDE, len(password)):
        raise ValidationError(_("Most of this password is your name, your address or our name. Choose other words."))


def _parts(words: Iterable[str]) -> set[str]:
    return {part for word in words for part in _WORD.findall(word.casefold())}
