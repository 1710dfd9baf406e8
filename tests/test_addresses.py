"""Which addresses are one, and which only look alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.addresses import NoAddress, comparable

ONE = [
    ("Ada.Okafor@X.example", "ada.okafor@x.example"),
    ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
    ("ada@bücher.example", "ada@XN--BCHER-KVA.example"),
    ("ju\u0308rgen@mail.example", "jürgen@mail.example"),
    ("ada@x.example.", "ada@x.example"),
    ("  ada@x.example ", "ada@x.example"),
    ("ada@ｘ.example", "ada@x.example"),
]
TWO = [
    ("jutta.straßer@mail.example", "jutta.strasser@mail.example"),
    ("jutta@straße.example", "jutta@strasse.example"),
    ("Äda@x.example", "äda@x.example"),
    ("ADIL@x.example", "adıl@x.example"),
    ("İda@x.example", "ida@x.example"),
    ("ﬁna@x.example", "fina@x.example"),
    ("ſally@x.example", "sally@x.example"),
    ("ada+news@x.example", "ada@x.example"),
    ("a.da@x.example", "ada@x.example"),
    ("аda@x.example", "ada@x.example"),
]


@pytest.mark.parametrize(("one", "same"), ONE)
def test_these_are_one_address(one: str, same: str) -> None:
    assert comparable(one) == comparable(same)


@pytest.mark.parametrize(("one", "other"), TWO)
def test_these_are_two_addresses(one: str, other: str) -> None:
    assert comparable(one) != comparable(other)


@pytest.mark.parametrize(
    "text",
    ["", "@", "ada", "@x.example", "ada@", f"{'a' * 65}@x.example", f"a@{'x' * 250}.example", "ä" * 33 + "@x.de"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(NoAddress):
        comparable(text)


@given(st.text(max_size=90))
def test_any_text_has_a_form_that_is_its_own_or_none(text: str) -> None:
    try:
        form = comparable(text)
    except NoAddress:
        return
    assert comparable(form) == form
