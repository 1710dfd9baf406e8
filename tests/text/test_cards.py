"""Card numbers are refused however they are parted or hidden; ordinary numbers are not."""

import time
import unicodedata
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from troth.text import line
from troth.text.cards import holds_card_number

PARTINGS = [sign for sign in map(chr, range(0x3100)) if unicodedata.category(sign) in ("Pd", "Zs", "Po", "Sm", "Ps")]
UNSEEN = [sign for sign in map(chr, range(0x3000)) if unicodedata.category(sign) == "Cf"]


HIDDEN = [
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
    "4111,1111,1111,1111",
    "4111+1111+1111+1111",
    "+4111111111111111",
    "4111\r\n\r\n1111\r\n1111\r\n1111",
    "4️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣1️⃣",
    "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 exp 12/27",
    "(4111) (1111) (1111) (1111)",
    "3056 930902 5904",
    "IBAN? no: 5555-5555-5555-4444",
    "4111      1111      1111      1111",
    "4111ー1111ー1111ー1111",
    "4111ـ1111ـ1111ـ1111",
    "4111x1111x1111x1111",
    "4111 × 1111 × 1111 × 1111",
    "4111 1111\n1111 1111",
    "4111-1111\n1111-1111",
    "4111-1111-\n1111-1111",
    "3782-822463\n10005",
    "4111<br>1111<br/>1111<br />1111",
    "<td>4111</td><td>1111</td><td>1111</td><td>1111</td>",
    "4111%201111%201111%201111",
    "4111&nbsp;1111&nbsp;1111&nbsp;1111",
    "4111 1111 1111 1111 1227 123",
    "Order no. 4111 1111 1111 1111",
    "Card no. 4111111111111111",
    "Order 4111111111111111",
    "> 4111 1111\n> 1111 1111",
    "4111%2D1111%2D1111%2D1111",
    "4111&#32;1111&#32;1111&#32;1111",
    "4111 1111 1111 1111 5555 5555 5555 4444",
    "4111 1111 1111 1111, 5555 5555 5555 4444",
    "411 11111 1111 1111",
    "4111 1111 11111111",
    "411111-1111111111",
    "4 111 111 111 111 111",
    "my card: 411 11111 1111 1111 12/27 123",
    "12/27 4111 1111 1111 1111",
    "good until 12/2027, 411 11111 1111 1111",
    "3782 8224631 0005",
    "4111-1111 1111-1111",
    "4111 1111 - 1111 1111",
    "4111 1111 (1111) 1111",
]


def test_a_card_number_is_seen_behind_any_parting() -> None:
    assert len(HIDDEN) > 1_300
    assert [text for text in HIDDEN if not holds_card_number(text)] == []


LISTS = [
    "45.57 13.28 66.07 41.10 22.35 18.40",
    "4111 1111 1111 1111 4111 1111",
    "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13",
    "2.718281828459045",
    "0.4111111111111111",
    "559 555 0134, 559 555 0177",
    "5595550134, 5595550177",
    "2026-11-20 2026-12-24 2027-01-31",
    "450 1200 300 75 12 100 4",
    "41 1 11 111 1 111 1 11111",
    "4111-1112 1111-1111",
    "30.11.2026 14:30:15, 30.05.2026 14:30:16",
    "Order no. 6000123456789012",
    "Bestellnummer 6000123456789015",
    "Invoice #6000123456789012",
    "4006381333931",
]


def test_a_price_list_holds_no_card_by_accident() -> None:
    drawn = Random(7)
    for _turn in range(400):
        prices = [f"{drawn.randint(10, 99)}.{drawn.randint(0, 99):02}" for _each in range(12)]
        assert not holds_card_number(" ".join(prices)), prices
        assert not holds_card_number("\n".join(prices)), prices
        years = " ".join(str(drawn.randint(1300, 6999)) for _each in range(7))
        assert not holds_card_number(years), years


@pytest.mark.parametrize("part", ["1 ", "1x", "1", "1234 ", "1-\n", "order no ", "<a"])
def test_a_long_text_of_digits_is_read_at_once(part) -> None:
    begun = time.process_time()
    holds_card_number(part * 20_000)
    assert time.process_time() - begun < 2


MORE = [*LISTS, "4111\u20131111\u20131111\u20131112", "2026\u201311\u201320 to 2026\u201312\u201324", "٥٥٩ ٥٥٥ ٠١٣٤"]


@pytest.mark.parametrize(
    "text",
    [
        "+86 13800130009",
        "+49 151 12345678",
        "Ring +43 (0)662 1234567 or +43 662 7654321",
        "732 829 320 00074",
        "73282932000074",
        "380 129 866 46850",
        "SIRET 38012986646850",
        "DE89 3704 0044 0532 0130 00",
        "GB29 NWBK 6016 1331 9268 19",
        "550e8400-e29b-41d4-a716-446655440000",
        "EAN 4006381333931",
        "0000000000000000",
        "S/N 1234-5678-9012-3456",
        "4111 1111 1111 1112",
        "(559) 555-0134",
        "M5V 2T6",
        "+1 559 555 0142",
        "Order 1234567 of 12 March 2026",
        "40 users, 3 sites, 1200 items",
        *MORE,
    ],
)
def test_phones_dates_and_counts_are_no_card(text: str) -> None:
    assert not holds_card_number(text)


@pytest.mark.parametrize("text", ["\u200f\u200b\u200b", " \u00a0 ", "\u2060"])
def test_a_line_of_invisible_signs_is_empty(text: str) -> None:
    assert line(text) == ""


def test_a_name_in_any_script_stays() -> None:
    assert line("  Зоя  Björk ") == "Зоя Björk"


ISSUED = [
    ("4", 16),
    ("4", 13),
    ("4", 19),
    ("51", 16),
    ("2221", 16),
    ("2720", 16),
    ("34", 15),
    ("37", 15),
    ("300", 14),
    ("36", 14),
    ("39", 14),
    ("6011", 16),
    ("65", 16),
    ("3528", 16),
    ("3589", 19),
    ("62", 16),
    ("62", 19),
    ("5018", 16),
    ("6759", 19),
    ("2200", 16),
    ("8600", 16),
    ("9860", 16),
]


def with_check_digit(digits: str) -> str:
    """The digits with the last one that makes them a card number."""
    return next(digits + str(last) for last in range(10) if _total(digits + str(last)) % 10 == 0)


def _total(digits: str) -> int:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in doubled)


def _digits(least: int, most: int = 0) -> st.SearchStrategy[str]:
    """So many digits. An expression would first look through all of Unicode, for seconds."""
    return st.text("0123456789", min_size=least, max_size=most or least)


@given(
    st.sampled_from(ISSUED),
    _digits(18),
    st.sampled_from(["", " ", "-", ".", ",", "+", "/", "\n", " - ", "\u2009", "|", "_"]),
    st.sampled_from([(1,), (2,), (4,), (4, 6, 5)]),  # where the length is one that is printed so
    st.text(alphabet="abc é,", max_size=9),
)
def test_a_number_of_an_issuers_range_and_length_is_found_however_it_is_written(
    issued, digits, between, groups, around
):
    prefix, length = issued
    if len(groups) > 1 and length not in (14, 15):
        groups = (4,)
    number = with_check_digit((prefix + digits)[: length - 1])
    if length == 13 and holds_card_number(f"x{number}") is False:
        return  # a phone in international writing: test_phones_dates_and_counts_are_no_card
    parts, at, turn = [], 0, 0
    while at < len(number):
        size = groups[turn % len(groups)]
        parts.append(number[at : at + size])
        at, turn = at + size, turn + 1
    assert holds_card_number(around + "x" + between.join(parts) + "x" + around)


@given(st.builds(str.__add__, st.sampled_from("79"), _digits(12, 18)))
@example("7000000000000005")
def test_a_number_of_no_issuer_is_none(digits):
    """Serial and reference numbers: of no card scheme's range, whatever their check digit."""
    if not digits.startswith(("9792", "9860")):
        assert not holds_card_number(f"Serial {digits}.")


@given(_digits(8), _digits(4))
def test_the_number_of_a_french_company_is_none_in_its_own_groups(siren, branch):
    siren = with_check_digit(siren)
    whole = with_check_digit(siren + branch)
    assert not holds_card_number(f"{whole[:3]} {whole[3:6]} {whole[6:9]} {whole[9:]}")
    assert not holds_card_number(f"SIRET {whole}")


@given(st.sampled_from(["DE", "FR", "GB", "US", "CN", "BR", "AT", "JP", "IN"]), st.data())
def test_a_phone_in_international_writing_is_none(country, data):
    import phonenumbers

    whole = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    bare = str(whole.national_number)
    whole.national_number = int(bare[:-4] + data.draw(_digits(4)))
    if phonenumbers.is_valid_number(whole):
        for form in (phonenumbers.PhoneNumberFormat.E164, phonenumbers.PhoneNumberFormat.INTERNATIONAL):
            assert not holds_card_number(f"Call {phonenumbers.format_number(whole, form)}, please.")
