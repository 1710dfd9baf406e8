"""Filters of lists. An unknown filter is refused, because it would narrow nothing."""

from collections.abc import Container

from django.http import Http404, QueryDict

from troth.text import code


def choose_filter(query: QueryDict, name: str, among: Container[str], *, default: str = "") -> str:
    """The value of a filter; empty for all. Raises Http404 for one that is none of `among`."""
    found = code(query.get(name, default))
    if found and found not in among:
        raise Http404(f"There is no such {name} to look for.")
    return found
