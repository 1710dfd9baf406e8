"""Filters of lists. An unknown filter is refused, because it would narrow nothing."""

from collections.abc import Container
from datetime import datetime

from django.db.models import Q
from django.http import Http404, QueryDict

from troth.cases.models import Case
from troth.text import code

ME, NOBODY = "me", "nobody"
"""Of the filter by assignee, beside user names."""
YES = "yes"


def choose_filter(query: QueryDict, name: str, among: Container[str], *, default: str = "") -> str:
    """The value of a filter; empty for all. Raises Http404 for one that is none of `among`."""
    found = code(query.get(name, default))
    if found and found not in among:
        raise Http404(f"There is no such {name} to look for.")
    return found


def is_late(now: datetime) -> Q:
    """Those that should have been answered by now."""
    return Q(state__in=(Case.UNVERIFIED, Case.OPEN), waits_for="", due_utc__lt=now)
