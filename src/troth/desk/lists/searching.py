"""Requests found by words of their messages: the address has keyed marks of the words, never the words themselves."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy

from troth.cases.thread import marks
from troth.text import code, read_search

SEEKS = gettext_lazy("Number or words of messages")
WORDS = "words"
_NUMBER = re.compile(r"[A-Za-z]{1,3}-\d{4}-\d+")
_FILTERS = ("state", "who", "late", "sort")
_MOST_PACKED = 200


def find_number(text: str) -> Q:
    """The request of this number."""
    return Q(number=text.upper())


def show(*filters: str) -> Callable[[HttpRequest], str]:
    """What was typed into a list's filters as the query of its address; `filters`: its own beside those of all."""

    def to_show(request: HttpRequest) -> str:
        text = read_search(request.POST.get("q", ""))
        said = {name: code(request.POST.get(name, "")) for name in (*_FILTERS, *filters)}
        said[WORDS] = code(request.POST.get(WORDS, ""), most=_MOST_PACKED)
        if _NUMBER.fullmatch(text):
            said["q"] = text
        elif text:
            said[WORDS] = marks.pack(marks.make_marks(text, most=marks.MOST_SOUGHT)) or "0"
        return urlencode({name: value for name, value in said.items() if value or name == "state"})

    return to_show


def narrow(found: "QuerySet[Any]", query: QueryDict) -> "QuerySet[Any]":
    """Those with a message that has all the words; no request for marks that are none."""
    digits = code(query.get(WORDS, ""), most=_MOST_PACKED)
    return found.filter(marks.with_marks(marks.unpack(digits))) if digits else found
