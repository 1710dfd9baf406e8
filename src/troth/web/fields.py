"""A field of a form with its label, hint, errors and reason, written by a function: a form has a dozen of them.

Beside what Django gives, the form's field may carry `section`, an anchor in the policy, and `reason`: what its value is
for and where it goes.
"""

from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from troth.markup import format_html, join_html
from troth.web import marks

_NOTHING = SafeString("")


def write_field(field: BoundField) -> SafeString:
    return format_html(
        '<div class="field"><div>{}{}{}</div>{}</div>\n',
        _write_labeled(field),
        _write_beneath(field, "hint", field.help_text),
        _write_beneath(field, "error", " ".join(map(str, field.errors))),
        _write_reason(field),
    )


def write_invalid(id: str, error: object, *, hint: bool = False) -> SafeString:
    """The attributes of a control that is written in the template: what is wrong with it, and its hint, describe it."""
    described = " ".join([f"{id}-hint"] * hint + [f"{id}-error"] * bool(error))
    found = format_html(' aria-describedby="{}"', described) if described else _NOTHING
    return join_html([found, SafeString(' aria-invalid="true"')]) if error else found


def write_error(id: str, error: object, *, listed: bool = False) -> SafeString:
    """What is wrong with such a control, beneath it.   Takes  listed: whether the page says it on top, too"""
    alert = _NOTHING if listed else SafeString(' role="alert"')
    return format_html('<p class="error" id="{}-error"{}>{}</p>', id, alert, error) if error else _NOTHING


def _write_beneath(field: BoundField, what: str, words: object) -> SafeString:
    pattern = '<p class="{1}" id="{0}-{1}">{2}</p>'
    return format_html(pattern, field.auto_id, what, words) if words else _NOTHING


def _write_labeled(field: BoundField) -> SafeString:
    control, label = _write_control(field), format_html("<span{}>{}</span>", marks.site_language(), field.label)
    if field.widget_type == "checkbox":
        return format_html('<label for="{}">{} {}</label>', field.auto_id, control, label)
    optional = _NOTHING if field.field.required else format_html(" <small>{}</small>", _("(optional)"))
    if field.use_fieldset:
        invalid = SafeString(' aria-invalid="true"') if field.errors else _NOTHING
        pattern = '<fieldset class="choices"{}><legend>{}{}</legend>{}</fieldset>'
        return format_html(pattern, invalid, label, optional, control)
    return format_html('<label for="{}">{}{}</label>{}', field.auto_id, label, optional, control)


def _write_control(field: BoundField) -> SafeString:
    """The control, described by its error, its hint and its reason, in this order."""
    name = field.auto_id
    described = [f"{name}-error"] if field.errors else []
    described += [f"{name}-hint"] if field.help_text else []
    described += [f"{name}-why"] if any(_read_reason(field)) else []
    attributes: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    attributes |= {"aria-invalid": "true"} if field.errors else {}
    return field.as_widget(attrs=attributes)


def _write_reason(field: BoundField) -> SafeString:
    section, reason = _read_reason(field)
    if not section and not reason:
        return _NOTHING
    return format_html(
        '<p class="reason" id="{}-why">{} <span{}>{}</span></p>',
        field.auto_id,
        marks.section(section) if section else _NOTHING,
        marks.site_language(),
        reason,
    )


def _read_reason(field: BoundField) -> tuple[str, str]:
    """Section and reason of the form's field, where it has them."""
    return getattr(field.field, "section", ""), getattr(field.field, "reason", "")
