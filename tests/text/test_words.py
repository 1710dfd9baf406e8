"""A word is found again however it is written; and nothing else of a text is one."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from troth.text.words import list_words


def test_words_are_found_without_case_accents_and_signs_around_them() -> None:
    assert list_words("Größe: «Ventil», “valve”_x\tÀ la carte — ΣΊΣΥΦΟΣ", most=20) == [
        *("grosse", "ventil", "valve", "x", "a", "la", "carte", "σισυφοσ")
    ]


def test_a_word_with_dots_or_hyphens_is_found_whole_and_by_its_parts() -> None:
    assert list_words("Order A-12.b (re-order) ..v2.. x--y", most=20) == [
        *("order", "a-12.b", "a", "12", "b", "re-order", "re", "v2", "x", "y")
    ]


def test_only_the_first_words_are_listed() -> None:
    assert list_words("one two-three four", most=3) == ["one", "two-three", "two"]


@given(st.text() | st.text(alphabet="aÄé.-_ ,\u0301\n1"))
def test_words_are_what_is_between_other_signs(text: str) -> None:
    plain = unicodedata.normalize("NFKD", text.casefold())
    joined = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = re.findall(r"[^\W_]+(?:[.\-][^\W_]+)*", joined)
    assert list_words(text, most=10_000) == list(
        dict.fromkeys(part for word in words for part in (word, *re.split(r"[.\-]", word)))
    )
