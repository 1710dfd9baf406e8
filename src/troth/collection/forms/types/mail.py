"""An email address."""

from django import forms

from troth.addresses import comparable
from troth.collection.forms.normalize import email
from troth.collection.forms.types.base import COVER, About, Asked, KindType, Persona, Typed
from troth.policy.terms import Kind

_MOST = 254


def _field(asked: Asked) -> forms.Field:
    return forms.CharField(max_length=_MOST, widget=forms.EmailInput())


def _normalize(typed: Typed) -> str:
    return email(typed.text)


def _cover(value: str) -> str:
    name, _at, domain = value.rpartition("@")
    host, _dot, ending = domain.rpartition(".")
    return f"{name[:1]}{COVER}@{host[:1]}{COVER}.{ending}"


def _invent(kind: Kind, persona: Persona) -> str:
    return persona.address


EMAIL = KindType(
    id="email",
    field=_field,
    most=_MOST,
    normalize=_normalize,
    cover=_cover,
    comparable=comparable,
    about=About.PERSON,
    autocomplete="email",
    invent=_invent,
)
