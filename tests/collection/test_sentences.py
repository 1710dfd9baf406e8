"""What a field says when it cannot take something is ours, and says what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from django import forms
from django.core import validators
from tests.visits import SITE

from troth.collection.forms.fields import field_for
from troth.collection.forms.reasons import Reason
from troth.collection.forms.types import Asked
from troth.policy import compile
from troth.policy.lengths import Size
from troth.policy.terms import Ask, FileRule
from troth.policy.types import KIND_TYPES


def field_of(kind_type: str) -> forms.Field:
    compiled = compile((SITE / "policy.md").read_bytes())
    assert compiled.policy is not None
    files = FileRule(("pdf",), Size(1, "MB"), 1) if kind_type == "file" else None
    kind = replace(compiled.policy.kinds["role"], type=kind_type, files=files)
    ask = Ask(kind="role", required=True, why="", only_in=())
    return field_for(Asked(kind, ask, (), Reason("", "", "")))


def djangos(field: forms.Field) -> Iterator[tuple[str, str]]:
    """Code → Django's own sentence, for all that this field and its validators can find."""
    for above in type(field).__mro__:
        defaults: Mapping[str, object] = getattr(above, "default_error_messages", {})
        yield from ((code, str(sentence)) for code, sentence in defaults.items())
    for validator in field.validators:
        assert isinstance(
            validator, validators.BaseValidator | validators.RegexValidator | validators.ProhibitNullCharactersValidator
        )
        yield validator.code, str(validator.message)


@pytest.mark.parametrize("kind_type", KIND_TYPES)
def test_no_field_says_what_django_says(kind_type: str) -> None:
    field = field_of(kind_type)
    for code, sentence in djangos(field):
        assert code in field.error_messages, code
        assert str(field.error_messages[code]) != sentence, code


@pytest.mark.parametrize(
    ("kind_type", "typed", "sentence"),
    [
        ("number", "forty", "Enter a whole number, such as 25."),
        ("number", "9" * 5000, "Enter a whole number, such as 25."),
        ("number", "-3", "Enter 1 or more."),
        ("date", "tomorrow", "Enter a date as year, month and day, such as 2026-11-23."),
        ("url", "not a page", "Enter the full web address, such as https://company.com."),
        ("url", "https://company.com/" + "x" * 500, "Shorten this to 500 characters. It has 520."),
        ("choice", "horoscope", "Choose an option from the list."),
        ("country", "ZZ", "Choose an option from the list."),
        ("yes or no", "", "Check this box to continue."),
        ("text", "a\0b", "This contains a character we can’t accept. Type it instead of pasting it."),
    ],
)
def test_each_mistake_is_answered_with_what_to_do(kind_type: str, typed: str, sentence: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        field_of(kind_type).clean(typed)
    assert sentence in refused.value.messages
