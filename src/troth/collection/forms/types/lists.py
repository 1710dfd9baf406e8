"""Choices: from the policy's list, from the catalog, or yes and no."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _

from troth.collection.forms.select import Select
from troth.collection.forms.types.base import Asked, KindType, Persona
from troth.policy.terms import Kind
from troth.site import site
from troth.wording import Words


class ListField(forms.ChoiceField):
    widget = Select


def nothing() -> tuple[str, str]:
    """The first option of a list from which nothing is chosen yet."""
    return ("", _("Choose …"))


_coded: dict[str, Mapping[str, Words]] = {}


def know(choices: Mapping[str, Mapping[str, Words]]) -> None:
    """These are the values that rooms tell apart by codes: id of a kind → code → words."""
    _coded.clear()
    _coded.update(choices)


def _choice(asked: Asked) -> forms.Field:
    coded = [(code, str(words)) for code, words in _coded.get(asked.kind.id, {}).items()]
    listed = asked.choices or coded or [(value, value) for value in asked.kind.values]
    # Of two that exclude each other the first is the usual one; more than two nobody can guess.
    if asked.ask.required and len(listed) == 2:
        return ListField(choices=listed, initial=listed[0][0])
    return ListField(choices=[nothing(), *listed])


def _yes_or_no(asked: Asked) -> forms.Field:
    return forms.BooleanField()


def _tick() -> str:
    return _("Check this box to continue.")


def _news() -> str:
    return _("News (optional)")


def _choice_in_words(kind: Kind, value: str) -> str:
    """The policy lists most choices in the words that people read; what we need to tell apart has codes."""
    return str(_coded.get(kind.id, {}).get(value, value))


def _yes_or_no_in_words(kind: Kind, value: str) -> str:
    return {"yes": _("Yes"), "no": _("No")}.get(value, value)


def _product_in_words(kind: Kind, value: str) -> str:
    return site().name_product(value) or value


def _edition_in_words(kind: Kind, value: str) -> str:
    found = (product.edition(value) for product in site().products.values())
    return next((edition.name for edition in found if edition), value)


def _invent_choice(kind: Kind, persona: Persona) -> str:
    """Their industry where it is listed; of two the usual one, mostly; else any."""
    listed = [*_coded.get(kind.id, kind.values)]
    if persona.industry in listed:
        return persona.industry
    return persona.choose([listed[0]] * 2 + listed if len(listed) == 2 else listed)


def _invent_product(kind: Kind, persona: Persona) -> str:
    return persona.product


def _invent_edition(kind: Kind, persona: Persona) -> str:
    return persona.edition


CHOICE = KindType(id="choice", field=_choice, words=_choice_in_words, invent=_invent_choice)
YES_OR_NO = KindType(id="yes or no", field=_yes_or_no, words=_yes_or_no_in_words, required=_tick, group=_news)
PRODUCT = KindType(id="product", field=_choice, words=_product_in_words, invent=_invent_product)
EDITION = KindType(id="edition", field=_choice, words=_edition_in_words, invent=_invent_edition)
