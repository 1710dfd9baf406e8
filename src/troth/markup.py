"""HTML made of patterns, as by Django's functions of the same names: what is no HTML yet is escaped.

    format_html('<a href="{}">{}</a>', address, title)
    format_html_join("", "<dt>{}</dt><dd>{}</dd>", pairs)

Django's look into each value whether it is lazy three times, which took a seventh of a page with lists.
"""

import re
from collections.abc import Iterable, Sequence
from html import escape

from django.utils.functional import Promise
from django.utils.safestring import SafeString

_find_special = re.compile("[&<>\"']").search


def format_html(pattern: str, *values: object, **named: object) -> SafeString:
    """The pattern with these values in the places of its braces."""
    if named:
        return SafeString(pattern.format(*map(_write, values), **{name: _write(each) for name, each in named.items()}))
    return SafeString(pattern.format(*map(_write, values)))


def format_html_join(between: str, pattern: str, rows: Iterable[Sequence[object]]) -> SafeString:
    """The pattern once for each row of values."""
    return SafeString(_write(between).join([pattern.format(*map(_write, row)) for row in rows]))


def join_html(parts: Iterable[SafeString]) -> SafeString:
    """What is HTML already, one after another."""
    return SafeString("".join(parts))


def _write(value: object) -> str:
    if type(value) is SafeString:  # asked for first, as most are
        return value
    if type(value) is str:
        return _escape(value)
    if isinstance(value, Promise):
        return _write(str(value))
    return str(value.__html__()) if hasattr(value, "__html__") else _escape(str(value))


def _escape(text: str) -> str:
    """Most texts have nothing to escape, and five replacements take longer than to see that."""
    return escape(text) if _find_special(text) else text
