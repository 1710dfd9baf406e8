"""Card numbers, so that every field can refuse them: of an issuer's range and length, and with the right check digit.

Source  ISO/IEC 7812-1, annex B; the ranges are those that the card schemes publish
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator

import phonenumbers

from troth.text.signs import BLANKS

# 13 to 19 digits, alone or parted by up to five signs that people put between groups, line breaks included.
_CANDIDATE = re.compile(r"(?<!\d)(?=(\d(?:-{0,5}\d){12,18}(?!\d)))")
_RUN = re.compile(r"\d+(?:-{1,5}\d+)*")

# How cards print their numbers: a window of these groups is one even where a date or a count stands beside it.
_PRINTED = {
    (4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (8, 8), (4, 4, 8), (8, 4, 4), (4, 8, 4), (4, 12), (6, 10),
    (2,) * 8, (2,) * 7 + (1,), (2,) * 7, (3,) * 5, (3,) * 5 + (1,), (5, 5, 5, 1), (5, 5, 5), (5, 5, 6),
    *((digits,) for digits in range(13, 20)), *((1,) * digits for digits in range(13, 20)),
}  # fmt: skip

_ISSUERS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("4", "4", (13, 16, 18, 19)),  # Visa
    ("51", "55", (16,)), ("2221", "2720", (16,)),  # Mastercard
    ("34", "34", (15,)), ("37", "37", (15,)),  # American Express
    ("300", "305", (14, 16)), ("3095", "3095", (14, 16)), ("36", "36", (14, 16, 19)), ("38", "39", (14, 16)),  # Diners
    ("6011", "6011", (16, 17, 18, 19)), ("644", "649", (16, 17, 18, 19)), ("65", "65", (16, 17, 18, 19)),  # Discover
    ("3528", "3589", (16, 17, 18, 19)),  # JCB
    ("62", "62", (16, 17, 18, 19)), ("81", "82", (16, 17, 18, 19)),  # UnionPay, RuPay
    ("50", "50", (13, 14, 15, 16, 17, 18, 19)), ("56", "58", (13, 14, 15, 16, 17, 18, 19)),  # Maestro, Verve, Elo
    ("60", "60", (16, 17, 18, 19)), ("63", "63", (16, 17, 18, 19)), ("67", "67", (13, 14, 15, 16, 17, 18, 19)),
    ("2200", "2205", (16, 17, 18, 19)),  # Mir, Borica
    ("8600", "8600", (16,)), ("9792", "9792", (16,)), ("9860", "9860", (16,)),  # Uzcard, Troy, Humo
    ("1", "1", (15,)),  # UATP
)  # fmt: skip

_SIRET = re.compile(r"(?<!\d)(\d{3} ?\d{3} ?\d{3}) ?(\d{5})(?!\d)", re.ASCII)
_PARTED_SIRET = re.compile(r"\d{3} \d{3} \d{3} \d{5}", re.ASCII)
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])", re.ASCII)
_DIALED = re.compile(r"\+[1-9](?:[ ()./-]{0,2}\d){6,14}(?!\d|[ ()./-]{1,3}\d)", re.ASCII)


def holds_card_number(text: str) -> bool:
    """True if a payment card number stands anywhere in the text, however it is written."""
    known = _without_others(unicodedata.normalize("NFKC", text))
    shown = "".join(map(_plain, known))
    return any(_passes(digits) for digits in itertools.chain(_whole(shown), _windows(shown)))


def _without_others(text: str) -> str:
    """The text without numbers that are certainly something else: phones, accounts of banks, French companies."""
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
    """A digit of any script as 0 to 9, whatever may part digits as "-", nothing for what is not seen."""
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(sign)
    if category in ("Cf", "Mn", "Me") or sign in BLANKS:
        return ""
    return "-" if category[0] in "PSZ" or category == "Cc" else sign


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
    # One digit repeated is no card's number, and passes the sum by accident. Cards of 13 digits are hardly issued any
    # more, and phones of that length are many.
    if len(set(digits)) == 1 or not _is_issued(digits) or _sum(digits) % 10:
        return False
    return len(digits) > 13 or not _is_phone(f"+{digits}")


def _is_issued(digits: str) -> bool:
    return any(len(digits) in lengths and first <= digits[: len(first)] <= last for first, last, lengths in _ISSUERS)


def _sum(digits: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total
