"""Passwords: the form in which they are hashed, their length, and common ones that are refused.

hashed("pässword")            the hash of the normalized text (NFC), whatever the keyboard sends
matches("pässword", hash)     normalized; also as entered, for older hashes
"""

import re
import unicodedata
from collections.abc import Iterable

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from troth.text import secret

MOST_CHARACTERS = 256
_LEAST_BESIDE = 8
_LEAST_DIFFERENT = 3
_WORD = re.compile(r"\w{3,}")


def hash_password(password: str) -> str:
    """The hash of a password that was chosen."""
    return make_password(secret(password))


def matches(password: str, hash: str) -> bool:
    """Whether the hash belongs to the password, in any Unicode form."""
    return any(check_password(form, hash) for form in forms_of(password))


def forms_of(password: str) -> tuple[str, ...]:
    """The forms in which an entered password is tried, the current one first: one for most, three with accents."""
    return tuple(dict.fromkeys((secret(password), password, unicodedata.normalize("NFD", password))))


class AtMost:
    """A validator for setting passwords: a maximum that nobody needs to exceed, to limit the work.

    And no password of one or two characters again and again, such as blanks."""

    def validate(self, password: str, user: object = None) -> None:
        if len(set(password)) < _LEAST_DIFFERENT < len(password) // _LEAST_DIFFERENT:  # a short one is refused already
            raise ValidationError(_("This password repeats the same characters. Use more different ones."))
        if len(password) > MOST_CHARACTERS:
            words = {"limit": MOST_CHARACTERS, "length": len(password)}
            raise ValidationError(_("Shorten this to %(limit)d characters. It has %(length)d.") % words)

    def get_help_text(self) -> str:
        return _("At most %(limit)d characters.") % {"limit": MOST_CHARACTERS}


def refuse_telling(password: str, *, words: Iterable[str]) -> None:
    """Raises ValidationError if little of the password is left without these words, such as a name or address."""
    rest = password.casefold()
    for word in sorted(_parts(words), key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest) < min(_LEAST_BESIDE, len(password)):
        raise ValidationError(_("Most of this password is your name, your address or our name. Choose other words."))


def _parts(words: Iterable[str]) -> set[str]:
    return {part for word in words for part in _WORD.findall(word.casefold())}
