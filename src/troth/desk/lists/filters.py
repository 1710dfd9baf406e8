"""Filters of lists. An unknown filter is refused, because it would narrow nothing."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db.models import Q
from django.http import Http404, QueryDict

from troth.cases.models import Case
from troth.queries import Slot
from troth.security.models import User
from troth.site import site
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


NOW = Slot("now")
"""The moment, in a query that is compiled once."""


@dataclass(frozen=True)
class QueryKey:
    """What a compiled query of a list depends on: two with the same of these are the same SQL.

    name, filters  of the list, and what is asked of it; `at`: its place among others
    username, display_name, role    whose list it is; `site`: by which salespeople"""

    name: str
    filters: str
    at: int
    username: str
    display_name: str
    role: str
    site: int

    @classmethod
    def of(cls, name: str, filters: str, user: User, *, at: int = 0) -> Self:
        return cls(name, filters, at, user.username, user.display_name, user.role, id(site()))


def is_assigned_to(user: User) -> Q:
    return Q(assigned_to=user.username)


def is_late(now: datetime | Slot) -> Q:
    """Those that should have been answered by now."""
    return Q(state__in=(Case.UNVERIFIED, Case.OPEN), waits_for="", due_utc__lt=now)
