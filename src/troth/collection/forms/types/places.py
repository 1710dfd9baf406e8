"""Country, state and postal code."""

from django import forms

from troth.collection.forms.places import HOME, countries, country_name, postal_code, state_name, states
from troth.collection.forms.types.base import About, Asked, KindType, Persona, Typed
from troth.collection.forms.types.lists import ListField, nothing
from troth.policy.terms import Kind

_MOST_OF_A_CODE = 12


def _country(asked: Asked) -> forms.Field:
    if not asked.ask.required:  # what nobody chose is not kept
        return ListField(choices=[nothing(), *countries()])
    return ListField(choices=countries(), initial=HOME)


def _state(asked: Asked) -> forms.Field:
    groups = [(country_name(code), states(code)) for code in asked.ask.only_in or (asked.country,)]
    if len(groups) == 1:
        return ListField(choices=[nothing(), *groups[0][1]])
    return ListField(choices=[nothing(), *groups])


def _zip(asked: Asked) -> forms.Field:
    return forms.CharField(max_length=_MOST_OF_A_CODE)


def _normalize_zip(typed: Typed) -> str:
    return postal_code(typed.text, typed.country)


def _country_in_words(kind: Kind, value: str) -> str:
    return country_name(value)


def _state_in_words(kind: Kind, value: str) -> str:
    return state_name(value)


def _invent_country(kind: Kind, persona: Persona) -> str:
    return persona.country


def _invent_state(kind: Kind, persona: Persona) -> str:
    return persona.state


def _invent_zip(kind: Kind, persona: Persona) -> str:
    return persona.zip


COUNTRY = KindType(
    id="country",
    field=_country,
    words=_country_in_words,
    about=About.PLACE,
    autocomplete="country",
    invent=_invent_country,
)
STATE = KindType(
    id="state",
    field=_state,
    words=_state_in_words,
    about=About.PLACE,
    autocomplete="address-level1",
    invent=_invent_state,
)
ZIP = KindType(
    id="zip",
    field=_zip,
    most=_MOST_OF_A_CODE,
    normalize=_normalize_zip,
    about=About.PLACE,
    autocomplete="postal-code",
    invent=_invent_zip,
)
PLACE_TYPES = (COUNTRY, STATE, ZIP)
"""They are checked together: each country has its own states and codes."""
