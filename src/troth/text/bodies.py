"""JSON from outside, of a size and depth that the rest of the program can bear."""

import json
import re
from typing import Any

from django.utils.translation import gettext as _

from troth.text.signs import CannotRead, breaks

DEEPEST = 20
MOST_DIGITS = 300
_PARTS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
"""A text that is not closed goes to the end; else the end would be looked for from each quotation mark in it."""


class NoJson(CannotRead):
    """The text is no JSON at all."""


def read_json(text: str | bytes, *, most: int = 20_000) -> Any:
    """What the JSON says. Raises CannotRead: none, too long, too deep, a number too long, a sign that breaks tables."""
    try:
        shown = text if isinstance(text, str) else text.decode("utf-8")
        if len(shown) > most or _depth(shown) > DEEPEST:
            raise CannotRead(_("This is too long or too deeply nested."))
        found = json.loads(shown, parse_int=_whole, parse_constant=_no_number)
    except CannotRead:
        raise
    except (ValueError, RecursionError) as error:
        raise NoJson(_("This isn’t valid JSON.")) from error
    _look_through(found)
    return found


def _depth(text: str) -> int:
    depth = deepest = 0
    for found in _PARTS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        deepest = max(deepest, depth)
    return deepest


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise CannotRead(_("A number in this is too long."))
    return int(digits)


def _no_number(word: str) -> Any:
    raise NoJson(_("This isn’t valid JSON."))


def _look_through(found: Any) -> None:
    if isinstance(found, str) and breaks(found):
        raise CannotRead(_("This contains an invalid character. Remove it."))
    if isinstance(found, dict):
        for key, value in found.items():
            _look_through(key)
            _look_through(value)
    if isinstance(found, list):
        for each in found:
            _look_through(each)
