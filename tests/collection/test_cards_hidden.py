"""Card numbers are refused however they are parted or hidden; ordinary numbers are not."""

import sys
import unicodedata

import pytest

from troth.collection.forms.cards import holds_card_number
from troth.collection.forms.normalize import line

PARTINGS = [sign for sign in map(chr, range(sys.maxunicode)) if unicodedata.category(sign) in ("Pd", "Zs")]
UNSEEN = [sign for sign in map(chr, range(0x3000)) if unicodedata.category(sign) == "Cf"]


@pytest.mark.parametrize(
    "text",
    [
        "4111/1111/1111/1111",
        "4111\u200b1111\u200b1111\u200b1111",
        "4111  1111  1111  1111",
        "4111\n1111\n1111\n1111",
        "4111_1111_1111_1111",
        "\uff14111 1111 1111 1111",
        *(f"4111{sign}1111{sign}1111{sign}1111" for sign in PARTINGS),
        *(f"4111{sign}1111{sign}1111{sign}1111" for sign in UNSEEN),
        "４１１１ １１１１ １１１１ １１１１",
        "٤١١١ ١١١١ ١١١١ ١١١١",
        "४१११-११११-११११-११११",
        "④①①① ①①①① ①①①① ①①①①",
        "4111 1111 1111 1111 12/27 123",
        "Order 40 5555-5555-5555-4444",
        "Nr. 7 378282246310005",
        "3782 822463 10005 11 27",
        "my card is 4111 - 1111 - 1111 - 1111.",
    ],
)
def test_a_card_number_is_seen_behind_any_parting(text: str) -> None:
    assert holds_card_number(text)


MORE = ["4111\u20131111\u20131111\u20131112", "2026\u201311\u201320 to 2026\u201312\u201324", "٥٥٩ ٥٥٥ ٠١٣٤"]


@pytest.mark.parametrize(
    "text", ["+1 559 555 0142", "Order 1234567 of 12 March 2026", "40 users, 3 sites, 1200 items", *MORE]
)
def test_phones_dates_and_counts_are_no_card(text: str) -> None:
    assert not holds_card_number(text)


@pytest.mark.parametrize("text", ["\u200f\u200b\u200b", " \u00a0 ", "\u2060"])
def test_a_line_of_invisible_signs_is_empty(text: str) -> None:
    assert line(text) == ""


def test_a_name_in_any_script_stays() -> None:
    assert line("  Зоя  Björk ") == "Зоя Björk"
