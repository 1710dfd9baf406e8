"""What a list of requests has, be it a room's or all of them as one."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet
from django.http import QueryDict

from troth.desk.acts.act import DeskAct
from troth.desk.lists.lines import ListMoment, WorkLine
from troth.queries import Slot
from troth.security.models import User
from troth.wording import Words


class RequestList(Protocol):
    """A list as views, paging and changes of several know it.

    address  of its page; `below`: under which its requests and changes are
    state    that it shows by itself; "" for all"""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> Words: ...

    @property
    def address(self) -> str: ...

    @property
    def below(self) -> str: ...

    @property
    def state(self) -> str: ...

    @property
    def line(self) -> Callable[[Any, ListMoment], WorkLine]: ...

    def choose_rows(self, query: QueryDict, user: User, at_utc: datetime | Slot) -> "QuerySet[Any]":
        """The requests that the filters ask for at a moment.   Raises  Http404: a filter that does not exist."""
        ...

    def choose_counted(self, query: QueryDict, user: User) -> "QuerySet[Any]":
        """As many requests, to be counted at NOW.   Raises  Http404."""
        ...

    def find_rows(self, numbers: Iterable[str]) -> Sequence[Any]:
        """The requests of these numbers, the most urgent first."""
        ...

    def offer_acts(self) -> Sequence[DeskAct]:
        """All that its requests have, the most usual first."""
        ...

    def allows(self, user: User, act: DeskAct, row: Any) -> bool:
        """Whether the user may do this with a request of the list."""
        ...
