"""All lists that someone works on as one, with filters in the address and views that are saved as those of a list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, reduce
from operator import or_
from typing import Any, ClassVar

from django.core.exceptions import FieldError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from troth.cases.kinds import kinds
from troth.cases.models import Case
from troth.desk.acts import DeskAct
from troth.desk.lists.filters import ME, NOBODY, NOW, YES, choose_filter, is_late
from troth.desk.lists.lines import ListMoment, WorkLine
from troth.desk.lists.placing import UNDONE
from troth.desk.lists.sorting import DUE, SORTS
from troth.desk.lists.worklist import WorkList
from troth.queries import PreparedQuery, Slot
from troth.security.models import User
from troth.text import code, read_search
from troth.wording import Words


@dataclass(frozen=True)
class EveryList:
    """What isn't done on all of these lists."""

    lists: Sequence[WorkList]
    name: ClassVar[str] = "work"
    title: ClassVar[Words] = gettext_lazy("Work")
    address: ClassVar[str] = "/console/"
    below: ClassVar[str] = "/console/work/"
    state: ClassVar[str] = ""

    @cached_property
    def by_purpose(self) -> Mapping[str, WorkList]:
        return {work.purpose: work for work in self.lists}

    @property
    def kinds(self) -> Mapping[str, Words]:
        """The kinds of request that can be on them, by title."""
        return {kind.id: kind.title for kind in kinds().values() if kind.purpose in self.by_purpose}

    def choose_rows(self, query: QueryDict, user: User, at_utc: datetime | Slot) -> "QuerySet[Any]":
        """The requests that the filters ask for at a moment, as cases.   Raises  Http404: there is no such filter."""
        found = Case.objects.filter(UNDONE, self._read(query, at_utc), self._filter_whose(query, user))
        return found.order_by(choose_sort(query), "number")

    def choose_counted(self, query: QueryDict, user: User) -> "QuerySet[Any]":
        """The requests that the filters ask for, to be counted at NOW.   Raises  Http404: there is no such filter."""
        return self.choose_rows(query, user, NOW)

    def find_rows(self, numbers: Iterable[str]) -> list[Any]:
        """The requests of these numbers as rows of their lists, the most urgent first."""
        wanted: dict[str, list[str]] = {}
        for purpose, number in Case.objects.filter(number__in=[*numbers]).values_list("purpose", "number"):
            wanted.setdefault(purpose, []).append(number)
        found = (work.find_rows(wanted[work.purpose]) for work in self.lists if work.purpose in wanted)
        return sorted((row for rows in found for row in rows), key=lambda row: (row.due_utc, row.number))

    def find_one(self, number: str) -> tuple[WorkList, Any] | None:
        """The request of this number, done or not, with its list."""
        asked = number.upper()
        found = _PURPOSES.first(number=asked)
        work = self.by_purpose.get(found[0]) if found else None
        row = work.by_number.first(number=asked) if work else None
        return (work, row) if work is not None and row is not None else None

    def line(self, row: Any, shown: ListMoment) -> WorkLine:
        return self.by_purpose[row.purpose].line(row, shown)

    def offer_acts(self) -> Sequence[DeskAct]:
        return list({act.do: act for work in self.lists for act in work.offer_acts()}.values())

    def offer_many(self, user: User) -> Sequence[DeskAct]:
        """What the user may do with several requests at once, be it only with those of some lists."""
        return list({act.do: act for work in self.lists for act in work.offer_many(user)}.values())

    def allows(self, user: User, act: DeskAct, row: Any) -> bool:
        work = self.by_purpose.get(row.purpose)
        return work is not None and work.allows(user, act)

    def _filter_whose(self, query: QueryDict, user: User) -> Q:
        alike: dict[Q, list[WorkList]] = {}
        for work in self.lists:
            alike.setdefault(_find_whose(work, query, user), []).append(work)
        return reduce(or_, (_of_all(works, whose) for whose, works in alike.items()), Q(pk__in=()))

    def narrow(self, work: WorkList, found: "QuerySet[Any]", query: QueryDict, user: User) -> "QuerySet[Any]":
        """Those of one list's requests that the filters ask for at NOW.   Raises  Http404."""
        return found.filter(self._read(query, NOW), _find_whose(work, query, user))

    def _read(self, query: QueryDict, at_utc: datetime | Slot) -> Q:
        asked, words = Q(), read_search(query.get("q", ""))
        if kind := choose_filter(query, "kind", self.kinds):
            asked &= Q(kind=kind)
        if choose_filter(query, "late", (YES,)):
            asked &= is_late(at_utc)
        if words:
            called = [id for id, title in self.kinds.items() if words.lower() in str(title).lower()]
            asked &= Q(number__icontains=words) | Q(kind__in=called)
        return asked


_PURPOSES = PreparedQuery(lambda: Case.objects.filter(number=Slot("number")).values_list("purpose"))


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
