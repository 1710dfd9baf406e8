"""The rows of a list, a page at a time. Their SQL is made once for each page of a list and its filters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.http import QueryDict

from troth.desk.lists.filters import NOW, QueryKey
from troth.desk.lists.lines import with_names
from troth.desk.lists.saved_views import filters_in
from troth.desk.lists.shape import RequestList
from troth.queries import PreparedQuery
from troth.security.models import User


@dataclass(frozen=True)
class ListedRows:
    """The rows that an address's filters ask for, with the names of their assignees: a sequence of a known length.

    Cost  1 query for a slice"""

    work: RequestList
    query: QueryDict
    user: User
    now: datetime
    count: int

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, at: slice) -> Sequence[Any]:
        if "address" in self.query:  # of one that finds a person nothing is kept
            return list(with_names(self.work.choose_rows(self.query, self.user, self.now))[at])
        key = QueryKey.of(self.work.name, filters_in(self.query, self.work), self.user, at=at.start or 0)
        try:
            return _prepare(_Asked(key, at.stop, self.work, self.user)).list(now=self.now)
        except EmptyResultSet:
            return []


@dataclass(frozen=True)
class _Asked:
    key: QueryKey
    stop: int
    work: RequestList = field(compare=False)
    user: User = field(compare=False)


@lru_cache(maxsize=512)
def _prepare(asked: _Asked) -> PreparedQuery[Any]:
    query, rows = QueryDict(asked.key.filters), slice(asked.key.at, asked.stop)
    return PreparedQuery(lambda: with_names(asked.work.choose_rows(query, asked.user, NOW))[rows])
