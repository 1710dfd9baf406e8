"""Text in a line, in many lines, and the address of a page; names, and what is typed to be hashed."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _

from troth.collection.forms.types.base import About, Asked, KindType, Persona, Typed, cover_all, words_of
from troth.policy.terms import Kind
from troth.text import company, lines, name

MOST_OF_PASSWORD = 256
_MOST_IN_A_LINE, _MOST_IN_ALL, _MOST_OF_AN_ADDRESS = 200, 4000, 500


def _text(asked: Asked) -> forms.Field:
    return forms.CharField(max_length=_MOST_IN_A_LINE)


def _long_text(asked: Asked) -> forms.Field:
    return forms.CharField(max_length=_MOST_IN_ALL, widget=forms.Textarea(attrs={"rows": 4}))


def _password(asked: Asked) -> forms.Field:
    hint = _("At least 12 characters. 15 or more is better.")
    return forms.CharField(max_length=MOST_OF_PASSWORD, strip=False, widget=forms.PasswordInput(), help_text=hint)


def _url(asked: Asked) -> forms.Field:
    return forms.URLField(max_length=_MOST_OF_AN_ADDRESS, assume_scheme="https")


# A name holds no link, for it goes into emails to addresses that nobody has proven yet. No company's name does.
def _name(typed: Typed) -> str:
    return name(typed.text, most=typed.most, field=typed.label)


def _company(typed: Typed) -> str:
    return company(typed.text, most=typed.most, field=typed.label)


def _lines(typed: Typed) -> str:
    return lines(typed.text, most=typed.most)


def _no_url() -> str:
    return _("Enter the full web address, such as https://company.com.")


def _invent_name(kind: Kind, persona: Persona) -> str:
    return persona.name


def _invent_company(kind: Kind, persona: Persona) -> str:
    return persona.company


def _invent_note(kind: Kind, persona: Persona) -> str:
    return persona.note


_PURCHASE = "Purchase"


def _order(kind: Kind, value: str) -> Sequence[str]:
    """Callers tell the number of an order; of all other texts, nothing is found."""
    return words_of(kind, value) if kind.dpv == _PURCHASE else ()


NAME = KindType(
    id="name",
    field=_text,
    most=_MOST_IN_A_LINE,
    normalize=_name,
    sought=words_of,
    about=About.PERSON,
    autocomplete="name",
    invent=_invent_name,
)
COMPANY = KindType(
    id="company",
    field=_text,
    most=_MOST_IN_A_LINE,
    normalize=_company,
    sought=words_of,
    about=About.COMPANY,
    autocomplete="organization",
    invent=_invent_company,
)
PASSWORD = KindType(
    id="password",
    field=_password,
    most=MOST_OF_PASSWORD,
    cover=cover_all,
    about=About.PERSON,
    autocomplete="new-password",
    is_secret=True,
)
TEXT = KindType(id="text", field=_text, most=_MOST_IN_A_LINE, sought=_order)
LONG_TEXT = KindType(
    id="long text",
    field=_long_text,
    most=_MOST_IN_ALL,
    normalize=_lines,
    cover=cover_all,
    invent=_invent_note,
    is_long=True,
)
URL = KindType(id="url", field=_url, most=_MOST_OF_AN_ADDRESS, invalid=_no_url)
