"""The order of a list: as asked, else by when its requests are due or newest first."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from troth.desk.lists.filters import YES, choose_filter
from troth.wording import Words

DUE, NEWEST = "due_utc", "-received_utc"
SORTS: Mapping[str, Words] = {
    DUE: gettext_lazy("Due date"),
    NEWEST: gettext_lazy("Newest"),
    "received_utc": gettext_lazy("Oldest"),
}


class SortedList(Protocol):
    """The list that is put in order."""

    @property
    def state(self) -> str: ...

    @property
    def states(self) -> Mapping[str, Q]: ...

    @property
    def by_due(self) -> Sequence[str]: ...


def choose_sort(work: SortedList, query: QueryDict) -> str:
    """As asked; else what is listed by when it is due that way, all others newest first."""
    state = choose_filter(query, "state", work.states, default=work.state)
    due = state in work.by_due or query.get("late") == YES
    return choose_filter(query, "sort", SORTS, default=DUE if due else NEWEST) or NEWEST


def choose_order(work: SortedList, query: QueryDict) -> tuple[str, ...]:
    """The same as fields. By due date, what waits for the customer or for a day is last: nothing is to be done now."""
    sort = choose_sort(work, query)
    return ("waits_for", sort, "number") if sort == DUE else (sort, "number")
