"""Card numbers, so that every field can refuse them."""

import itertools
import re
import unicodedata
from collections.abc import Iterator

from troth.collection.forms.normalize import BLANKS

# 13 to 19 digits, alone or parted by up to three signs that people put between groups, line breaks included.
_CANDIDATE = re.compile(r"(?<!\d)\d(?:-{0,3}\d){12,18}(?!\d)")
_RUN = re.compile(r"\d+(?:-{1,3}\d+)*")

# How cards print their numbers: a window of these groups is one even where a date or a count stands beside it.
_PRINTED = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), *((digits,) for digits in range(13, 20))}
_PARTING = "./_\u00b7\u2022\u2027\u2043\u2212\u2219"


def holds_card_number(text: str) -> bool:
    """True if a payment card number stands anywhere in the text. Source: ISO/IEC 7812-1, annex B."""
    shown = "".join(_plain(sign) for sign in unicodedata.normalize("NFKC", text))
    return any(_passes(digits) for digits in itertools.chain(_whole(shown), _windows(shown)))


def _plain(sign: str) -> str:
    """A digit of any script as 0 to 9, whatever parts digits as "-", nothing for what is not seen."""
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(sign)
    if category in ("Cf", "Mn", "Me") or sign in BLANKS:
        return ""
    return "-" if category == "Pd" or sign.isspace() or sign in _PARTING else sign


def _whole(shown: str) -> Iterator[str]:
    """All digits that stand together."""
    return (found.replace("-", "") for found in _CANDIDATE.findall(shown))


def _windows(shown: str) -> Iterator[str]:
    for run in _RUN.findall(shown):
        groups = [group for group in run.split("-") if group]
        for start, shape in itertools.product(range(len(groups)), _PRINTED):
            window = groups[start : start + len(shape)]
            if tuple(map(len, window)) == shape:
                yield "".join(window)


def _passes(digits: str) -> bool:
    # A card number never begins with 0 and is never one digit repeated; both pass the sum by accident.
    return digits[0] != "0" and len(set(digits)) > 1 and _sum(digits) % 10 == 0


def _sum(digits: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total
