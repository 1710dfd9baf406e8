"""All lists that someone works on as one, with filters in the address and views that are saved as those of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.core.exceptions import FieldError
from django.db.models import Q, QuerySet
from django.http import QueryDict

from troth.cases.kinds import kinds
from troth.cases.models import Case
from troth.desk.filters import ME, NOBODY, NOW, YES, choose_filter, is_late
from troth.desk.placing import UNDONE
from troth.desk.sorting import DUE, SORTS
from troth.desk.worklist import WorkList
from troth.security.models import User
from troth.text import code, read_search
from troth.wording import Words


@dataclass(frozen=True)
class EveryList:
    """What isn't done on all of these lists."""

    lists: Sequence[WorkList]
    name: ClassVar[str] = "work"
    address: ClassVar[str] = "/console/"
    state: ClassVar[str] = ""

    @property
    def kinds(self) -> Mapping[str, Words]:
        """The kinds of request that can be on them, by title."""
        purposes = {work.purpose for work in self.lists}
        return {kind.id: kind.title for kind in kinds().values() if kind.purpose in purposes}

    def choose_counted(self, query: QueryDict, user: User) -> "QuerySet[Any]":
        """The requests that the filters ask for, to be counted at NOW.   Raises  Http404: there is no such filter."""
        return Case.objects.filter(UNDONE, self._read(query), self._filter_whose(query, user))

    def _filter_whose(self, query: QueryDict, user: User) -> Q:
        alike: dict[Q, list[WorkList]] = {}
        for work in self.lists:
            alike.setdefault(_find_whose(work, query, user), []).append(work)
        return reduce(or_, (_of_all(works, whose) for whose, works in alike.items()), Q(pk__in=()))

    def narrow(self, work: WorkList, found: "QuerySet[Any]", query: QueryDict, user: User) -> "QuerySet[Any]":
        """Those of one list's requests that the filters ask for at NOW.   Raises  Http404."""
        return found.filter(self._read(query), _find_whose(work, query, user))

    def _read(self, query: QueryDict) -> Q:
        asked, words = Q(), read_search(query.get("q", ""))
        if kind := choose_filter(query, "kind", self.kinds):
            asked &= Q(kind=kind)
        if choose_filter(query, "late", (YES,)):
            asked &= is_late(NOW)
        if words:
            called = [id for id, title in self.kinds.items() if words.lower() in str(title).lower()]
            asked &= Q(number__icontains=words) | Q(kind__in=called)
        return asked


def choose_sort(query: QueryDict) -> str:
    """Raises  Http404: an order that does not exist."""
    return choose_filter(query, "sort", SORTS) or DUE


def _find_whose(work: WorkList, query: QueryDict, user: User) -> Q:
    who = code(query.get("who", ""))
    return {"": Q(), ME: work.mine(user), NOBODY: work.nobodys}.get(who, Q(assigned_to=who))


def _of_all(lists: Sequence[WorkList], condition: Q) -> Q:
    """The same condition of these lists, said of the table of all requests."""
    try:
        Case.objects.filter(condition)
    except FieldError:  # of a column that only the rooms' own rows have
        return reduce(or_, (Q(pk__in=work.rows().filter(condition).values("pk")) for work in lists))
    return Q(purpose__in=[work.purpose for work in lists]) & condition
