"""Plain controls of forms, written by functions, with the same HTML as Django's templates for them: FORM_RENDERER.

Django renders three templates for each control, which took a quarter of the time of a form's page.
"""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from troth.markup import format_html, join_html

_NOTHING = SafeString("")


class Renderer(DjangoTemplates):
    """Django's; what is not written here has its template as before."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        write = _WRITERS.get(template_name)
        return write(context["widget"]) if write else super().render(template_name, context, request)


def write_attributes(attributes: Mapping[str, object]) -> SafeString:
    """Names and values with a blank in front of each. What is True has no value, what is False is not there."""
    return join_html(
        format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)
        for name, value in attributes.items()
        if value is not False
    )


def _write_input(widget: Mapping[str, Any]) -> SafeString:
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget["type"],
        widget["name"],
        _NOTHING if widget["value"] is None else format_html(' value="{}"', widget["value"]),
        write_attributes(widget["attrs"]),
    )


def _write_text_area(widget: Mapping[str, Any]) -> SafeString:
    attributes = write_attributes(widget["attrs"])
    return format_html('<textarea name="{}"{}>\n{}</textarea>', widget["name"], attributes, widget["value"] or _NOTHING)


_INPUTS = ("checkbox", "date", "email", "file", "hidden", "number", "password", "search", "tel", "text", "url")
_WRITERS = {
    **{f"django/forms/widgets/{name}.html": _write_input for name in _INPUTS},
    "django/forms/widgets/textarea.html": _write_text_area,
}
