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
_SELECTORS = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Choose how the sign before them is drawn: a heart in red, a Chinese character as a family writes it."""
_IGNORED = re.compile("[\u034f\u17b4\u17b5\u180e\u2065\ufff0-\ufff8\U000e0000-\U000e0fff]")
"""Drawn as nothing though their category is not Cf, some not assigned yet.   Source  Default_Ignorable_Code_Point"""
_FLAG = re.compile("(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)")
"""Flags of Scotland, Wales and others are spelled in tags; any other tag is text that nobody sees.   Source  UTS #51"""

_UNREADABLE = "\ufffd"
_ENDS = "".join(chr(plane + end) for plane in range(0x10000, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
_BREAKING = re.compile("[\0\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]")
"""With `_ENDS`, the last two of each further plane, what stands for nothing.   Source  Unicode 23.7"""
_BREAKING_BEYOND = re.compile(f"[{_ENDS}]")
_BEYOND = re.compile("[\U0001fffe-\U0010ffff]")
"""Looked for before those ends, which take ten times as long: every field of every request is read by these."""


class CannotRead(ValueError):
    """The text is not valid for its field; the message says what to do."""


def breaks(text: str) -> bool:
    """True for characters that no table or file can hold: NUL, lone surrogates, noncharacters.

    And for U+FFFD: a decoder writes it where bytes were no text, and what they said is lost."""
    if text.isascii():  # which a string knows of itself; the expression would look at each letter
        return "\0" in text
    return bool(_BREAKING.search(text) or (_BEYOND.search(text) and _BREAKING_BEYOND.search(text)))


def mark_broken(text: str) -> str:
    """The text with a visible U+FFFD in place of each character that no table can hold, which every reader refuses."""
    marked = _BREAKING.sub(_UNREADABLE, text)
    return _BREAKING_BEYOND.sub(_UNREADABLE, marked) if _BEYOND.search(marked) else marked


def refuse_controls(text: str, *, many_lines: bool) -> None:
    """Raises CannotRead for signs that no keyboard writes: they hide headers, markup or other names."""
    if _UNREADABLE in text:
        raise CannotRead(_("We can’t read the character shown as �. Delete it, or type it instead of pasting it."))
    allowed = "\r\n\t" if many_lines else "\t"
    if breaks(text) or any(unicodedata.category(sign) == "Cc" and sign not in allowed for sign in text):
        raise CannotRead(_("This contains an invisible control character. Type the text instead of pasting it."))
    if any(sign in _TURNING for sign in text):
        raise CannotRead(_("This contains a character that reverses the writing direction. Remove it."))


def compose(text: str) -> str:
    """NFC: one sequence of code points for what looks the same."""
    return unicodedata.normalize("NFC", text)


def strip_unseen(text: str) -> str:
    """The text without invisible characters, except joiners between letters, one selector after a sign, and flags.

    Persian and Indic words are spelled with joiners, families of emoji too."""
    if text.isascii():
        return text
    return "".join(part if at % 2 else _strip(part) for at, part in enumerate(_FLAG.split(text)))


def plain(text: str) -> str:
    """The text without any sign that is not seen, joiners too: for addresses, codes and numbers."""
    return "".join(
        sign for sign in text if not (_is_unseen(sign) or sign in _JOINERS or sign in BLANKS or _SELECTORS.match(sign))
    )


def with_digits(text: str) -> str:
    """The text with digits of every script and width as 0 to 9: for what is counted or dialed."""
    return "".join(map(_as_digit, unicodedata.normalize("NFKC", text)))


def one_dash(text: str) -> str:
    """The text with a hyphen in place of every dash, and of what keyboards write for one: − and the Japanese ー."""
    return "".join("-" if unicodedata.category(sign) == "Pd" or sign in "\u2212\u30fc\u0640" else sign for sign in text)


def shows(text: str) -> bool:
    """True if there is anything to see. Joiners and marks inside a word belong to it; alone they are nothing."""
    return any(_is_seen_alone(sign) for sign in text)


def _strip(text: str) -> str:
    kept: list[str] = []
    for at, sign in enumerate(text):
        if sign in _JOINERS:
            stays = bool(kept) and at + 1 < len(text) and _joins(kept[-1]) and _joins(text[at + 1])
        elif _SELECTORS.match(sign):
            stays = bool(kept) and _is_seen_alone(kept[-1]) and not _is_drawn_one_way(kept[-1])
        else:
            stays = not _is_unseen(sign)
        if stays:
            kept.append(sign)
    return "".join(kept)


def _as_digit(sign: str) -> str:
    digit = unicodedata.digit(sign, None)
    return sign if digit is None else str(digit)


def _is_seen_alone(sign: str) -> bool:
    category = unicodedata.category(sign)
    return sign not in BLANKS and not _IGNORED.match(sign) and (category in ("Cn", "Co") or category[0] not in "CZM")


def _is_unseen(sign: str) -> bool:
    if _IGNORED.match(sign):
        return True
    return unicodedata.category(sign) == "Cf" and sign not in _JOINERS and not _is_written(sign)


def _is_written(sign: str) -> bool:
    """Signs of format that are drawn all the same: the Arabic and Indic number signs and the like."""
    return "\u0600" <= sign <= "\u0605" or sign in "\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"


def _joins(sign: str) -> bool:
    """Whether a joiner beside this sign can change how it is drawn."""
    if _is_drawn_one_way(sign):
        return False
    return unicodedata.category(sign)[0] in "LM" or unicodedata.category(sign) in ("So", "Sk", "Cn") or sign == "\ufe0f"


def _is_drawn_one_way(sign: str) -> bool:
    """Letters of Latin, Greek, Cyrillic, Armenian and Hebrew: nothing invisible beside one changes it."""
    return sign < "\u0600" and sign.isalpha()
