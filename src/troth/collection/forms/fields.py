"""One Django field for each kind of the policy, by its type."""

from django import forms
from django.utils.translation import gettext as _

from troth.collection.forms.places import country_name
from troth.collection.forms.types import TYPES, Asked, KindType
from troth.policy.terms import Ask

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


def field_for(asked: Asked) -> forms.Field:
    """The field that shows and reads this kind."""
    kind_type = TYPES[asked.kind.type]
    field = _password(asked) if asked.kind.id == PASSWORD else kind_type.field(asked)
    field.label = str(asked.kind.title)
    field.required = asked.ask.required
    field.error_messages |= _what_to_do(kind_type)
    field.help_text = _only_in(asked.ask) or field.help_text
    # The page's field template shows these two beside the control.
    field.section, field.reason = asked.reason.anchor, asked.reason.text  # type: ignore[attr-defined]
    if hint := _AUTOCOMPLETE.get(asked.kind.id):
        field.widget.attrs["autocomplete"] = hint
    return field


def _password(asked: Asked) -> forms.Field:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    hint = _("At least 12 characters. 15 or more is better.")
    return forms.CharField(max_length=MOST_OF_PASSWORD, strip=False, widget=widget, help_text=hint)


def _what_to_do(kind_type: KindType) -> dict[str, str]:
    """Code → sentence, for every mistake that Django's fields find: ours say what to do."""
    return {
        "required": kind_type.required(),
        "invalid": kind_type.invalid(),
        "invalid_choice": _("Choose an option from the list."),
        "max_length": _("Shorten this to %(limit_value)d characters. It has %(show_value)d."),
        "min_value": _("Enter %(limit_value)s or more."),
        "max_value": _("Enter %(limit_value)s or less."),
        "null_characters_not_allowed": _("This contains a character we can’t accept. Type it instead of pasting it."),
    }


def _only_in(ask: Ask) -> str:
    if not ask.only_in:
        return ""
    return _("Only available for %(countries)s.") % {"countries": ", ".join(country_name(code) for code in ask.only_in)}
