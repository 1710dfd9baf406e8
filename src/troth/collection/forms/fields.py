"""One Django field for each kind of the policy, by its type."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _

from troth.collection.forms.places import HOME, countries, country_name, states
from troth.collection.forms.reasons import Reason
from troth.collection.forms.select import Select
from troth.policy.terms import Ask, Kind

Choices = Sequence[tuple[str, str]]
MOST_LETTERS = {"text": 200, "long text": 4000, "email": 254, "phone": 60, "url": 500, "zip": 12}
PASSWORD = "password"  # noqa: S105 (the kind's name)
"""The kind that is hashed and never kept: what was typed is neither trimmed nor normalized nor shown again."""
MOST_OF_PASSWORD = 256

_AUTOCOMPLETE = {
    "name": "name",
    "email": "email",
    "phone": "tel",
    "company": "organization",
    "role": "organization-title",
    "country": "country",
    "state": "address-level1",
    "zip": "postal-code",
}


@dataclass(frozen=True)
class Asked:
    """A kind as one place asks it; `choices` is the closed list of products and the like that the place knows.

    `country`: whose states are listed, where the place does not say for which countries it asks."""

    kind: Kind
    ask: Ask
    choices: Choices
    reason: Reason
    country: str = HOME


class _ListField(forms.ChoiceField):
    widget = Select


def field_for(asked: Asked) -> forms.Field:
    """The field that shows and reads this kind."""
    make = _password if asked.kind.id == PASSWORD else _MAKERS.get(asked.kind.type, _text)
    field = make(asked)
    field.label = str(asked.kind.title)
    field.required = asked.ask.required
    field.error_messages |= _what_to_do(asked.kind.type)
    field.help_text = _only_in(asked.ask) or field.help_text
    # The page's field template shows these two beside the control.
    field.section, field.reason = asked.reason.anchor, asked.reason.words  # type: ignore[attr-defined]
    if hint := _AUTOCOMPLETE.get(asked.kind.id):
        field.widget.attrs["autocomplete"] = hint
    return field


def _text(asked: Asked) -> forms.Field:
    return forms.CharField(max_length=MOST_LETTERS.get(asked.kind.type, 200))


def _password(asked: Asked) -> forms.Field:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    hint = _("At least 12 characters. 15 or more is better.")
    return forms.CharField(max_length=MOST_OF_PASSWORD, strip=False, widget=widget, help_text=hint)


def _long_text(asked: Asked) -> forms.Field:
    return forms.CharField(max_length=MOST_LETTERS["long text"], widget=forms.Textarea(attrs={"rows": 4}))


def _email(asked: Asked) -> forms.Field:
    return forms.CharField(max_length=MOST_LETTERS["email"], widget=forms.EmailInput())


def _phone(asked: Asked) -> forms.Field:
    return forms.CharField(max_length=MOST_LETTERS["phone"], widget=forms.TextInput(attrs={"type": "tel"}))


def _url(asked: Asked) -> forms.Field:
    return forms.URLField(max_length=MOST_LETTERS["url"], assume_scheme="https")


def _number(asked: Asked) -> forms.Field:
    # A spinner invites wheel accidents; the digits' keyboard is what helps on a phone.
    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(min_value=1, max_value=1_000_000, widget=widget)


def _yes_or_no(asked: Asked) -> forms.Field:
    return forms.BooleanField()


def _date(asked: Asked) -> forms.Field:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))


def _country(asked: Asked) -> forms.Field:
    return _ListField(choices=countries(), initial=HOME)


def _state(asked: Asked) -> forms.Field:
    groups = [(country_name(code), states(code)) for code in asked.ask.only_in or (asked.country,)]
    if len(groups) == 1:
        return _ListField(choices=[_nothing(), *groups[0][1]])
    return _ListField(choices=[_nothing(), *groups])


def _choice(asked: Asked) -> forms.Field:
    listed = asked.choices or [(value, value) for value in asked.kind.values]
    # Of two that exclude each other the first is the usual one; more than two nobody can guess.
    if asked.ask.required and len(listed) == 2:
        return _ListField(choices=listed, initial=listed[0][0])
    return _ListField(choices=[_nothing(), *listed])


_MAKERS: Mapping[str, Callable[[Asked], forms.Field]] = {
    "long text": _long_text,
    "email": _email,
    "phone": _phone,
    "url": _url,
    "number": _number,
    "yes or no": _yes_or_no,
    "date": _date,
    "country": _country,
    "state": _state,
    "choice": _choice,
    "product": _choice,
    "edition": _choice,
}


def _what_to_do(kind_type: str) -> dict[str, str]:
    """Code → sentence, for every mistake that Django's fields find: ours say what to do."""
    return {
        "required": _("Check this box to continue.") if kind_type == "yes or no" else _("Fill this in."),
        "invalid": _INVALID.get(kind_type, _to_read)(),
        "invalid_choice": _("Choose an option from the list."),
        "max_length": _("Shorten this to %(limit_value)d characters. It has %(show_value)d."),
        "min_value": _("Enter %(limit_value)s or more."),
        "max_value": _("Enter %(limit_value)s or less."),
        "null_characters_not_allowed": _("This contains a character we can’t accept. Type it instead of pasting it."),
    }


def _to_read() -> str:
    return _("We can’t read this. Enter it again.")


_INVALID: Mapping[str, Callable[[], str]] = {
    "number": lambda: _("Enter a whole number, such as 25."),
    "date": lambda: _("Enter a date as year, month and day, such as 2026-11-23."),
    "url": lambda: _("Enter the full web address, such as https://company.com."),
}


def _only_in(ask: Ask) -> str:
    if not ask.only_in:
        return ""
    return _("Only available for %(countries)s.") % {"countries": ", ".join(country_name(code) for code in ask.only_in)}


def _nothing() -> tuple[str, str]:
    return ("", _("Choose …"))
