"""One Django field for each kind of the policy, by its type."""

from django import forms
from django.utils.translation import gettext as _

from troth.collection.forms.places import country_name
from troth.collection.forms.types import TYPES, Asked, KindType
from troth.collection.forms.types.base import fill_in
from troth.policy.terms import Ask


def field_for(asked: Asked) -> forms.Field:
    """The field that shows and reads this kind."""
    kind_type = TYPES[asked.kind.type]
    field = kind_type.field(asked)
    field.label = str(asked.kind.title)
    field.required = asked.ask.required
    field.error_messages |= _what_to_do(kind_type, listed=isinstance(field, forms.ChoiceField))
    field.help_text = _only_in(asked.ask) or field.help_text
    # The page's field template shows these two beside the control.
    field.section, field.reason = asked.reason.anchor, asked.reason.text  # type: ignore[attr-defined]
    if kind_type.autocomplete:
        field.widget.attrs["autocomplete"] = kind_type.autocomplete
    return field


def _what_to_do(kind_type: KindType, *, listed: bool) -> dict[str, str]:
    """Code → sentence, for every mistake that Django's fields find: ours say what to do."""
    choose = _("Choose an option from the list.")
    return {
        "required": choose if listed and kind_type.required is fill_in else kind_type.required(),
        "invalid": kind_type.invalid(),
        "invalid_choice": choose,
        "max_length": _("Shorten this to %(limit_value)d characters. It has %(show_value)d."),
        "min_value": _("Enter %(limit_value)s or more."),
        "max_value": _("Enter %(limit_value)s or less."),
        "null_characters_not_allowed": _("This contains a character we can’t accept. Type it instead of pasting it."),
    }


def _only_in(ask: Ask) -> str:
    if not ask.only_in:
        return ""
    names = ", ".join(country_name(code) for code in ask.only_in)
    return _("Only for these countries: %(countries)s.") % {"countries": names}
