"""A list to choose from, written in one go.

Django renders a template for each option. A list of all countries took 25 ms that way, most of the page around it.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from troth.collection.forms.rendering import write_attributes
from troth.markup import format_html, format_html_join, join_html


class Select(forms.Select):
    """Django's, with the same HTML."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        widget = context["widget"]
        attributes = write_attributes({"name": widget["name"], **widget["attrs"]})
        return format_html("<select{}>{}</select>", attributes, self._write_groups(widget["value"]))

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """None: what they would hold is written by `_render`."""
        return []

    def _write_groups(self, chosen: list[str]) -> SafeString:
        wanted = set(chosen)
        return join_html(_group(value, label, wanted) for value, label in self.choices)


def write_options(pairs: Iterable[tuple[object, object]], chosen: object) -> SafeString:
    """The options of a list, as (value, title)."""
    return join_html(_option(str(value), str(title), value == chosen) for value, title in pairs)


def write_checks(name: str, pairs: Iterable[tuple[object, object]], chosen: Iterable[str]) -> SafeString:
    """The same as checkboxes, of which several are chosen; those come first, because a long list scrolls."""
    ticked = set(chosen)
    listed = sorted(pairs, key=lambda pair: str(pair[0]) not in ticked)
    rows = ((name, value, SafeString(" checked") if str(value) in ticked else "", title) for value, title in listed)
    return format_html(
        '<div class="several">{}</div>',
        format_html_join("", '<label><input type="checkbox" name="{}" value="{}"{}> {}</label>', rows),
    )


def _group(value: object, label: Any, wanted: set[str]) -> SafeString:
    """One option, or the options of a named group."""
    if isinstance(label, list | tuple):
        options = join_html(_group(each, words, wanted) for each, words in label)
        return format_html('<optgroup label="{}">{}</optgroup>', value, options)
    written = "" if value is None else str(value)
    return _option(written, str(label), written in wanted)


@lru_cache(maxsize=4096, typed=True)
def _option(value: str, label: str, is_chosen: bool) -> SafeString:
    return format_html('<option value="{}"{}>{}</option>', value, _CHOSEN if is_chosen else "", label)


_CHOSEN = SafeString(" selected")
