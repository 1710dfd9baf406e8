"""Card numbers, so that every field can refuse them: of an issuer's range and length, and with the right check digit.

Source  ISO/IEC 7812-1, annex B; the ranges are those that the card schemes publish
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator

import phonenumbers

from troth.text.signs import BLANKS

_GROUPS = re.compile(r"\d+(?:[^\da-z]{1,14}\d+|[^\da-z]{0,6}x[^\da-z]{0,6}\d+)*")
_PARTS = re.compile(r"\d+|\D+")

# How cards print their numbers. Such groups are one number even where a count or a date is beside them; all other
# groups (41 11 11 …, 411 11111 1111 1111) only where they are alone, for lists and tables are full of those.
_PRINTED = ((4, 4, 4, 4, 3), (4, 4, 4, 4), (4, 6, 5), (4, 6, 4))
_UNIFORM = range(13, 20)
_EXPIRY = re.compile(r"(?:0[1-9]|1[0-2])\d\d")
_TYPED, _MOST_TYPED, _BY_HAND = (14, 15, 16), 6, (" ", "-")
"""Digits and groups of a number that someone parted by hand, and by which signs. More groups are a list."""
_UNTIL = re.compile(
    r"(?<![\d/])(?<!/ )(?:0?[1-9]|1[0-2]) ?/ ?(?:20)?[2-9]\d(?! ?/|\d)(?: \d{3,4}(?![ -]?\d))?", re.ASCII
)
"""Until when a card is good, and the code on its back: neither is a group of its number."""

_ISSUERS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("4", "4", (13, 16, 18, 19)),  # Visa
    ("51", "55", (16,)),
    ("2221", "2720", (16,)),  # Mastercard
    ("34", "34", (15,)),
    ("37", "37", (15,)),  # American Express
    ("300", "305", (14, 16)),
    ("3095", "3095", (14, 16)),
    ("36", "36", (14, 16, 19)),
    ("38", "39", (14, 16)),  # Diners
    ("6011", "6011", (16, 17, 18, 19)),
    ("644", "649", (16, 17, 18, 19)),
    ("65", "65", (16, 17, 18, 19)),  # Discover
    ("3528", "3589", (16, 17, 18, 19)),  # JCB
    ("62", "62", (16, 17, 18, 19)),
    ("81", "82", (16, 17, 18, 19)),  # UnionPay, RuPay
    ("50", "50", (13, 14, 15, 16, 17, 18, 19)),
    ("56", "58", (13, 14, 15, 16, 17, 18, 19)),  # Maestro, Verve, Elo
    ("60", "60", (16, 17, 18, 19)),
    ("63", "63", (16, 17, 18, 19)),
    ("67", "67", (13, 14, 15, 16, 17, 18, 19)),
    ("2200", "2205", (16, 17, 18, 19)),  # Mir, Borica
    ("8600", "8600", (16,)),
    ("9792", "9792", (16,)),
    ("9860", "9860", (16,)),  # Uzcard, Troy, Humo
    ("1", "1", (15,)),  # UATP
)

_SIRET = re.compile(r"(?<!\d)(\d{3} ?\d{3} ?\d{3}) ?(\d{5})(?!\d)", re.ASCII)
_PARTED_SIRET = re.compile(r"\d{3} \d{3} \d{3} \d{5}", re.ASCII)
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])", re.ASCII)
_INTRODUCED = re.compile(
    r"\b(?:order|invoice|serial|ref(?:erence)?|ticket|tracking|case|contract|customer|licen[cs]e|quote|offer|delivery|"
    r"shipment|article|item|part|(?:auftrags?|bestell|rechnungs?|kunden|vorgangs?|serien|angebots?|liefer|artikel|vertrags?))"
    r"[ -]?(?:no|nr|num|number|nummer|id|#)(?![a-z])[ .:#]*\d{13,19}(?!\d)",
    re.IGNORECASE | re.ASCII,
)
"""Numbers of orders and the like, in one piece and named as such."""
_MARKUP = re.compile(r"</?[a-z][^<>]{0,40}>|%(?:20|2d|09|0[ad])|&(?:[a-z]{3,6}|#x?[\da-f]{2,5});", re.IGNORECASE)
_DIALED = re.compile(r"\+[1-9](?:[ ()./-]{0,2}\d){6,14}(?!\d|[ ()./-]{1,3}\d)", re.ASCII)


def holds_card_number(text: str) -> bool:
    """True if a payment card number is anywhere in the text, in any writing that is usual for one."""
    known = _without_others(_MARKUP.sub(" ", unicodedata.normalize("NFKC", text)))
    shown = "".join(map(_plain, known)).casefold()
    return any(_passes(digits) for run in _GROUPS.findall(shown) for digits in _numbers(run))


def _without_others(text: str) -> str:
    """The text without numbers that are certainly something else, such as bank accounts or French companies."""
    text = _UNTIL.sub(" x ", _INTRODUCED.sub(" ", text))
    text = _IBAN.sub(lambda found: " " if _is_iban(found[0]) else found[0], text)
    text = _SIRET.sub(lambda found: " x " if _is_siret(found, text) else found[0], text)
    return _DIALED.sub(lambda found: " x " if _is_phone(found[0]) else found[0], text)


def _is_iban(text: str) -> bool:
    """Source  ISO 13616, by the check of ISO 7064."""
    bare = text.replace(" ", "")
    return 15 <= len(bare) <= 34 and int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1


def _is_siret(found: "re.Match[str]", text: str) -> bool:
    """Written in its own groups or named: unnamed in one piece it cannot be told from a card of the same digits."""
    named = "SIRE" in text[max(0, found.start() - 16) : found.start()].upper()
    siren = found[1].replace(" ", "")
    return (
        bool(named or _PARTED_SIRET.fullmatch(found[0])) and _sum(siren) % 10 == 0 and _sum(siren + found[2]) % 10 == 0
    )


def _is_phone(text: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text))
    except phonenumbers.NumberParseException:
        return False


def _plain(sign: str) -> str:
    """A digit of any script as 0 to 9, one blank, one line break and one dash for all, nothing for what is not seen."""
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(sign)
    if sign in _BREAKS:
        return "\n"
    if category in ("Cf", "Mn", "Me") or sign in BLANKS:
        return ""
    if category[0] == "Z" or category == "Cc":
        return " "
    if category == "Pd" or sign in _DASHES:
        return "-"
    # Whatever is no letter may part groups; any letter that may not is one to the patterns above.
    return "x" if sign == "\u00d7" else sign if category[0] in "PS" or sign in "xX" else "a"


_BREAKS = "\n\r\u2028\u2029\x0b\x0c\x85"
_DASHES = "\u2212\u30fc\u0640\u00af\u02d7"
"""Drawn as a dash, and letters or signs to Unicode: minus, the Japanese long mark, tatweel."""


def _numbers(run: str) -> Iterator[str]:
    """What may be one number in digits that are near each other."""
    parts = _PARTS.findall(run)
    groups = parts[::2]
    for at, group in enumerate(groups):
        if len(group) in _UNIFORM and not (at and _is_decimal(*parts[2 * at - 2 : 2 * at])):
            yield group
    kinds = [_kind(between) for between in parts[1::2]]
    for first, last in _alike(kinds):
        yield from _in(groups[first : last + 1], typed=kinds[first] in _BY_HAND)
    if tuple(map(len, groups)) in _PRINTED:
        yield "".join(groups)  # alone, it is one whatever signs part it: 4111-1111 1111-1111
    for first, last in _alike(_over_lines(kinds)):
        yield from _windows(groups[first : last + 1])


def _is_decimal(before: str, between: str) -> bool:
    """Whether what follows is the part of a number that is behind its point."""
    return between == "." and len(before) <= 3


def _kind(between: str) -> str:
    """The sign that parts two groups, whatever blanks are around it, and without what quotes a line in an email."""
    broken = "\n" in between
    signs = "".join((between.replace(">", "") if broken else between).split())
    return "".join(dict.fromkeys(signs)) or ("\n" if broken else " ")


def _over_lines(kinds: list[str]) -> list[str]:
    """A line break among dashes counts as one of them: text is broken where the line ends."""
    found = list(kinds)
    for at, kind in enumerate(kinds):
        if kind == "\n":
            found[at] = found[at - 1] if at else next((later for later in kinds if later != "\n"), " ")
    return found


def _alike(kinds: list[str]) -> Iterator[tuple[int, int]]:
    """First and last group of each stretch that one kind of sign parts."""
    first = 0
    for _kind_of, stretch in itertools.groupby(kinds):
        last = first + len(list(stretch))
        yield first, last
        first = last


def _in(groups: list[str], *, typed: bool) -> Iterator[str]:
    """The whole stretch, if its groups are of one length but for the last, or few that were parted by hand."""
    whole, size = "".join(groups), len(groups[0])
    even = all(len(group) == size for group in groups[:-1]) and len(groups[-1]) <= size
    if len(whole) in (_UNIFORM if even else _TYPED if typed and len(groups) <= _MOST_TYPED else ()):
        yield whole


def _windows(groups: list[str]) -> Iterator[str]:
    for start, shape in itertools.product(range(len(groups)), _PRINTED):
        end = start + len(shape)
        listed = shape[-1] == 4 and _in_a_list(groups[max(0, start - 1) : start], groups[end : end + 3])
        if tuple(map(len, groups[start:end])) == shape and not listed:
            yield "".join(groups[start:end])
    yield from _several(groups)


def _in_a_list(before: list[str], behind: list[str]) -> bool:
    """Whether more groups of four are beside the four. An expiry date, alone or with its code, is none of them."""
    if before and len(before[0]) == 4:
        return True
    dated = len(behind) in (1, 2) and _EXPIRY.fullmatch(behind[0]) and all(len(code) in (3, 4) for code in behind[1:])
    return bool(behind and len(behind[0]) == 4 and not dated)


def _several(groups: list[str]) -> Iterator[str]:
    """Cards one behind the other: groups of four of which each four are one, which no list is by accident."""
    fours = ["".join(groups[at : at + 4]) for at in range(0, len(groups), 4)]
    if len(fours) > 1 and all(len(group) == 4 for group in groups) and all(map(_passes, fours)):
        yield fours[0]


def _passes(digits: str) -> bool:
    # One digit repeated is no card's number, and passes the sum by accident. Cards of 13 digits are hardly issued any
    # more, and phones of that length are many.
    if len(set(digits)) == 1 or not _is_issued(digits) or _sum(digits) % 10:
        return False
    return len(digits) > 13 or not (_is_phone(f"+{digits}") or _is_article(digits))


def _is_article(digits: str) -> bool:
    """Source  GS1 General Specifications, 7.9: EAN-13."""
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0


def _is_issued(digits: str) -> bool:
    return any(len(digits) in lengths and first <= digits[: len(first)] <= last for first, last, lengths in _ISSUERS)


def _sum(digits: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total
