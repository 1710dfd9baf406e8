"""A phone number."""

import phonenumbers
from django import forms

from troth.collection.forms.phones import phone
from troth.collection.forms.types.base import COVER, About, Asked, KindType, Persona, Typed
from troth.policy.terms import Kind

_MOST = 60


def _field(asked: Asked) -> forms.Field:
    return forms.CharField(max_length=_MOST, widget=forms.TextInput(attrs={"type": "tel"}))


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


def _invent(kind: Kind, persona: Persona) -> str:
    return persona.phone


PHONE = KindType(
    id="phone",
    field=_field,
    most=_MOST,
    normalize=_normalize,
    words=_words,
    cover=_cover,
    about=About.PERSON,
    autocomplete="tel",
    invent=_invent,
    digits=True,
)
