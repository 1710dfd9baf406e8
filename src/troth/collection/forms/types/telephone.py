"""A phone number."""

import re

import phonenumbers
from django import forms

from troth.collection.forms.phones import MOST, phone
from troth.collection.forms.types.base import COVER, About, Asked, KindType, Persona, Typed
from troth.policy.terms import Kind

_DIGITS = re.compile(r"\D")


def _field(asked: Asked) -> forms.Field:
    return forms.CharField(max_length=MOST, widget=forms.TextInput(attrs={"type": "tel"}))


def _normalize(typed: Typed) -> str:
    return phone(typed.text, typed.country)


def _words(kind: Kind, value: str) -> str:
    """For example +1 559-555-0134 ext. 12 for +15595550134;ext=12."""
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _cover(value: str) -> str:
    return f"{COVER} {value[-2:]}"


def list_endings(text: str) -> list[str]:
    """The last ten digits and the last seven, without an extension: people tell their number with or without codes."""
    digits = _DIGITS.sub("", text.partition(";")[0])
    return [digits[-length:] for length in (10, 7) if len(digits) >= length]


def _endings(kind: Kind, value: str) -> list[str]:
    return list_endings(value)


def _invent(kind: Kind, persona: Persona) -> str:
    return persona.phone


PHONE = KindType(
    id="phone",
    field=_field,
    most=MOST,
    normalize=_normalize,
    words=_words,
    cover=_cover,
    sought=_endings,
    about=About.PERSON,
    autocomplete="tel",
    invent=_invent,
    digits=True,
)
