"""A list of requests that staff answer, as its room says it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import FieldError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy

from troth import in_force
from troth.cases.kinds import kinds
from troth.cases.models import Case
from troth.desk.acts.act import DeskAct
from troth.desk.acts.standard import offer_acts
from troth.desk.entering import StaffEntry
from troth.desk.lists.companies import show_companies
from troth.desk.lists.filters import ME, NOBODY, NOW, YES, choose_filter, is_assigned_to, is_late
from troth.desk.lists.lines import ListMoment, WorkLine, with_names
from troth.desk.lists.sorting import choose_order
from troth.desk.staff import ANSWER, ASSIGN, EXPORT, may
from troth.desk.steps import Step
from troth.queries import PreparedQuery, Slot
from troth.security.models import User
from troth.text import code, read_search
from troth.wording import Words

NUMBER = gettext_lazy("Number")
Asked = Any
"""A case, or a row of a room's table that extends it."""


def _as_it_is(found: "QuerySet[Any]", query: QueryDict) -> "QuerySet[Any]":
    return found


class StatedPages(Sequence[tuple[str, Words]]):
    """Address and title of pages on which staff add to a list; of these, the ones that the policy in force states.

    Takes   for each page its address, its title, and the place or purpose without which it isn't there, or "" """

    def __init__(self, *pages: tuple[str, Words, str]) -> None:
        self._pages = pages

    def __len__(self) -> int:
        return len(self._list())

    def __getitem__(self, at: Any) -> Any:
        return self._list()[at]

    def _list(self) -> list[tuple[str, Words]]:
        policy = in_force.policy()
        stated = {"", *policy.collects, *policy.purposes}
        return [(address, title) for address, title, needs in self._pages if needs in stated]


@dataclass(frozen=True, kw_only=True)
class WorkList:
    """A room's list of requests that staff answer.

    name      of its address and routes, as "quotes"
    purpose   all requests of it are on the list, and its recipients may read and answer; `answers` and `exports` are
              the acts that `staff.may` is asked for
    opens     the act without which the list is not there at all; `rows`: all of its requests
    states    by which it is narrowed, each with what it means; `state` is the default
    by_due    the states that are listed by when they are due; all others newest first
    line      one row, as it is shown at a moment; `steps`: what happened so far
    empty     heading and sentence where there is nothing; `heading`: of the page, where it isn't the title
    mine      which requests are the user's own, and `nobodys` which nobody has yet
    seeks     what its search finds, and `sought` finds it; without one it finds a number, whatever else is asked
    filters   template of the room's own filters; `given` is what it needs; `narrow` applies them
    to_show   what was typed into the filters, as a query for the address; `promise`: within which time they're answered
    ahead     further pages, and `adds` those on which staff add to it what nobody sent: address and title
    entry     how staff enter requests that came by phone, by mail or in person; without it they don't
    alike     which others are about the same as one, or nothing
    exported  the name of the CSV, which has `columns`, with `row`, after those that all lists have"""

    name: str
    title: Words
    purpose: str
    rows: Callable[[], "QuerySet[Any]"]
    line: Callable[[Asked, ListMoment], WorkLine]
    steps: Callable[[Asked], list[Step]]
    states: Mapping[str, Q]
    exported: str
    columns: Sequence[Words]
    row: Callable[[Asked], Sequence[object]]
    state: str = ""
    by_due: Sequence[str] = ()
    heading: Words = ""
    empty: tuple[Words, Words] = ("", "")
    opens: str = ""
    answers: str = ANSWER
    exports: str = EXPORT
    mine: Callable[[User], Q] = is_assigned_to
    nobodys: Q = field(default_factory=lambda: Q(assigned_to=""))
    seeks: Words = NUMBER
    sought: Callable[[str], Q] | None = None
    filters: str = ""
    given: Callable[[], Mapping[str, object]] = dict
    narrow: Callable[["QuerySet[Any]", QueryDict], "QuerySet[Any]"] = _as_it_is
    to_show: Callable[[HttpRequest], str] | None = None
    promise: str = ""
    ahead: Sequence[tuple[str, Words]] = ()
    adds: Sequence[tuple[str, Words]] = ()
    entry: StaffEntry | None = None
    alike: Callable[[Asked], Q | None] | None = None

    @property
    def address(self) -> str:
        return f"/console/{self.name}/"

    @property
    def below(self) -> str:
        """The address under which its requests are."""
        return self.address

    def is_for(self, user: User) -> bool:
        """Whether some version of the policy had requests for its purpose, and the user may open the list."""
        stated = any(self.purpose in each.purposes for each in in_force.law().versions.values())
        return stated and (not self.opens or may(user, self.opens, self.purpose))

    def is_worked_by(self, user: User) -> bool:
        """Whether the user answers its requests, or hands them to others."""
        return self.is_for(user) and any(may(user, act, self.purpose) for act in (self.answers, ASSIGN))

    def allows(self, user: User, act: DeskAct, row: Asked = None) -> bool:
        """Whether the user may do this with requests of the list."""
        return may(user, act.needs or self.answers, self.purpose)

    def offer_acts(self) -> Sequence[DeskAct]:
        """All that requests of the list have, the most usual first."""
        return offer_acts(self.purpose)

    def offer_many(self, user: User) -> list[DeskAct]:
        """What the user may do with several of its requests at once."""
        able = (each for each in self.offer_acts() if each.many and self.allows(user, each))
        ours = [kind for kind in kinds().values() if kind.purpose == self.purpose]
        return list({act.do: act for act in able if any(act.suits(kind) for kind in ours)}.values())

    def find_rows(self, numbers: Iterable[str]) -> list[Asked]:
        """The requests of these numbers, the most urgent first."""
        return list(self.rows().filter(number__in=[*numbers]).order_by("due_utc", "number"))

    def leanest(self, choose: "Callable[[QuerySet[Any]], QuerySet[Any]]") -> "QuerySet[Any]":
        """What `choose` gives of the table of all requests; of the room's rows, where it asks for what only they have.

        Counting a hundred thousand without the room's table takes a fifth of the time."""
        try:
            return choose(Case.objects.filter(purpose=self.purpose))
        except FieldError:
            return choose(self.rows())

    @cached_property
    def by_number(self) -> PreparedQuery[Asked]:
        return PreparedQuery(lambda: self.rows().filter(number=Slot("number")))

    @cached_property
    def by_ids(self) -> PreparedQuery[Asked]:
        return PreparedQuery(lambda: with_names(self.rows().filter(pk__any=Slot("ids"))))

    def choose_rows(self, query: QueryDict, user: User, at_utc: datetime | Slot) -> "QuerySet[Any]":
        """The requests that the filters ask for at a moment.   Raises  Http404: a filter that does not exist."""
        # Of a list's table all rows have its purpose. It is said for the index that has them in the list's order.
        return self._choose(self.rows().filter(purpose=self.purpose), query, user, at_utc)

    def choose_counted(self, query: QueryDict, user: User) -> "QuerySet[Any]":
        """As many requests, to be counted at NOW.   Raises  Http404: a filter that does not exist."""
        return self.leanest(lambda found: self._choose(found, query, user, NOW))

    def _choose(self, found: "QuerySet[Any]", query: QueryDict, user: User, now: datetime | Slot) -> "QuerySet[Any]":
        text = read_search(query.get("q", ""))
        if text and self.sought is None:
            return found.filter(number=text.upper()).order_by("number")
        state = choose_filter(query, "state", self.states, default=self.state)
        if query.get("late") == YES:
            found = found.filter(is_late(now))
        elif state:
            found = found.filter(self.states[state])
        if who := code(query.get("who", "")):
            found = found.filter({ME: self.mine(user), NOBODY: self.nobodys}.get(who) or Q(assigned_to=who))
        if text and self.sought is not None:
            found = found.filter(self.sought(text))
        return self.narrow(found, query).order_by(*choose_order(self, query))


def describe_rows(http: HttpRequest, rows: Sequence[tuple[WorkList, Asked]], now: datetime) -> list[WorkLine]:
    """Requests of one or several lists as lines, with the companies where the policy lets this user see them."""
    show_companies(http, rows)
    shown = ListMoment.of(now)
    return [work.line(row, shown) for work, row in rows]
