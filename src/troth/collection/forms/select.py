"""A list to choose from, written in one go.

Django renders a template for each option. A list of all countries took 25 ms that way, most of the page around it.
"""

from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe


class Select(forms.Select):
    """Django's, with the same HTML."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        widget = context["widget"]
        attributes = flatatt({"name": widget["name"], **widget["attrs"]})
        return format_html("<select{}>{}</select>", attributes, self._grouped(widget["value"]))

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """None: what they would hold is written by `_render`."""
        return []

    def _grouped(self, chosen: list[str]) -> SafeString:
        wanted = set(chosen)
        return mark_safe("".join(_group(value, label, wanted) for value, label in self.choices))  # noqa: S308 (escaped)


def _group(value: object, label: Any, wanted: set[str]) -> str:
    """One option, or the options of a named group."""
    if isinstance(label, list | tuple):
        options = "".join(_group(each, words, wanted) for each, words in label)
        return f'<optgroup label="{escape(value)}">{options}</optgroup>'
    written = "" if value is None else str(value)
    return _option(written, str(label), written in wanted)


@lru_cache(maxsize=4096)
def _option(value: str, label: str, is_chosen: bool) -> str:
    return f'<option value="{escape(value)}"{" selected" if is_chosen else ""}>{escape(label)}</option>'
