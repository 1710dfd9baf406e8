"""Card numbers are refused however they are parted or hidden; ordinary numbers are not."""

import pytest

from troth.collection.forms.cards import holds_card_number
from troth.collection.forms.normalize import line


@pytest.mark.parametrize(
    "text",
    [
        "4111/1111/1111/1111",
        "4111\u200b1111\u200b1111\u200b1111",
        "4111  1111  1111  1111",
        "4111\n1111\n1111\n1111",
        "4111_1111_1111_1111",
        "\uff14111 1111 1111 1111",
        "my card is 4111 - 1111 - 1111 - 1111.",
    ],
)
def test_a_card_number_is_seen_behind_any_parting(text: str) -> None:
    assert holds_card_number(text)


@pytest.mark.parametrize("text", ["+1 559 555 0142", "Order 1234567 of 12 March 2026", "40 users, 3 sites, 1200 items"])
def test_phones_dates_and_counts_are_no_card(text: str) -> None:
    assert not holds_card_number(text)


@pytest.mark.parametrize("text", ["\u200f\u200b\u200b", " \u00a0 ", "\u2060"])
def test_a_line_of_invisible_signs_is_empty(text: str) -> None:
    assert line(text) == ""


def test_a_name_in_any_script_stays() -> None:
    assert line("  Зоя  Björk ") == "Зоя Björk"
