"""Which characters text may contain, and its normalized form.

Letters that are newer than Python's tables are letters. Refused are controls, lone surrogates and the code points
that stand for nothing; what turns the direction of writing; left out is what nobody can see.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs that are drawn as nothing: the fillers of Hangul and the empty Braille cell."""

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d")
_TAGS = range(0xE0000, 0xE0080)

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)
)
"""What stands for nothing: U+FDD0 to U+FDEF and the last two of each plane.   Source  Unicode 23.7"""

_BREAKING = re.compile(f"[\0\ufffd\ud800-\udfff{_NONCHARACTERS}]")
"""Compiled, for every field of every request is read by it."""


class CannotRead(ValueError):
    """The text is not valid for its field; the message says what to do."""


def breaks(text: str) -> bool:
    """True for characters that no table or file can hold: NUL, lone surrogates, noncharacters.

    And for U+FFFD: a decoder writes it where bytes were no text, and what they said is lost."""
    if text.isascii():  # which a string knows of itself; the expression would look at each letter
        return "\0" in text
    return _BREAKING.search(text) is not None


def refuse_controls(text: str, *, many_lines: bool) -> None:
    """Raises CannotRead for signs that no keyboard writes: they hide headers, markup or other names."""
    allowed = "\r\n\t" if many_lines else "\t"
    if breaks(text) or any(unicodedata.category(sign) == "Cc" and sign not in allowed for sign in text):
        raise CannotRead(_("This contains an invisible control character. Type the text instead of pasting it."))
    if any(sign in _TURNING for sign in text):
        raise CannotRead(_("This contains a character that reverses the writing direction. Remove it."))


def compose(text: str) -> str:
    """NFC: one sequence of code points for what looks the same."""
    return unicodedata.normalize("NFC", text)


def strip_unseen(text: str) -> str:
    """The text without invisible characters, except joiners between letters and selectors after a sign.

    Persian and Indic words are spelled with joiners, families of emoji too."""
    kept: list[str] = []
    for at, sign in enumerate(text):
        if sign in _JOINERS:
            if kept and at + 1 < len(text) and _joins(kept[-1]) and _joins(text[at + 1]):
                kept.append(sign)
        # Tags behind an emoji spell flags, such as those of Scotland and Wales.
        elif not _is_unseen(sign) or (ord(sign) in _TAGS and kept and ord(kept[-1]) > 0x1F000):
            kept.append(sign)
    return "".join(kept)


def plain(text: str) -> str:
    """The text without any sign that is not seen, joiners too: for addresses, codes and numbers."""
    return "".join(sign for sign in text if not _is_unseen(sign) and sign not in _JOINERS and sign not in BLANKS)


def with_digits(text: str) -> str:
    """The text with digits of every script and width as 0 to 9: for what is counted or dialed."""
    return "".join(map(_as_digit, unicodedata.normalize("NFKC", text)))


def shows(text: str) -> bool:
    """True if there is anything to see. Joiners and marks inside a word belong to it; alone they are nothing."""
    return any(_is_seen_alone(sign) for sign in text)


def _as_digit(sign: str) -> str:
    digit = unicodedata.digit(sign, None)
    return sign if digit is None else str(digit)


def _is_seen_alone(sign: str) -> bool:
    category = unicodedata.category(sign)
    return sign not in BLANKS and (category in ("Cn", "Co") or category[0] not in "CZM")


def _is_unseen(sign: str) -> bool:
    return sign == "\u034f" or (unicodedata.category(sign) == "Cf" and sign not in _JOINERS and not _is_written(sign))


def _is_written(sign: str) -> bool:
    """Signs of format that are drawn all the same: the Arabic and Indic number signs and the like."""
    return "\u0600" <= sign <= "\u0605" or sign in "\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"


def _joins(sign: str) -> bool:
    """Whether a joiner beside this sign can change how it is drawn."""
    return unicodedata.category(sign)[0] in "LM" or unicodedata.category(sign) in ("So", "Sk", "Cn") or sign == "\ufe0f"
