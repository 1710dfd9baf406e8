"""Card numbers, so that every field can refuse them."""

import re
import unicodedata

# 13 to 19 digits, alone or parted by up to three signs that people put between groups, line breaks included.
_CANDIDATE = re.compile(r"(?<!\d)\d(?:[\s\-./_]{0,3}\d){12,18}(?!\d)")


def holds_card_number(text: str) -> bool:
    """True if a payment card number stands anywhere in the text. Source: ISO/IEC 7812-1, annex B."""
    plain = unicodedata.normalize("NFKC", text)
    shown = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return any(_passes(re.sub(r"\D", "", found)) for found in _CANDIDATE.findall(shown))


def _passes(digits: str) -> bool:
    # A card number never begins with 0 and is never one digit repeated; both pass the sum by accident.
    return digits[0] != "0" and len(set(digits)) > 1 and _sum(digits) % 10 == 0


def _sum(digits: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total
