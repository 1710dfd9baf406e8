"""Other requests that are about the same as an opened one, found by codes alone: no value of anyone is read for it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Q, QuerySet

from troth.desk.lines import WorkLine, with_names
from troth.desk.sorting import NEWEST

MOST = 5


class ComparedList(Protocol):
    """The list that both are on."""

    @property
    def rows(self) -> "Callable[[], QuerySet[Any]]": ...

    @property
    def line(self) -> Callable[[Any, datetime], WorkLine]: ...

    @property
    def alike(self) -> Callable[[Any], Q | None] | None: ...


def list_similar(work: ComparedList, one: Any, now: datetime) -> Sequence[WorkLine]:
    """The latest others of the same kind that are about the same.   Cost  1 query"""
    alike = work.alike(one) if work.alike else None
    if alike is None:
        return []
    found = work.rows().filter(alike, kind=one.kind).exclude(pk=one.pk).order_by(NEWEST)[:MOST]
    return [work.line(row, now) for row in with_names(found)]


def same_product(case: Any) -> Q | None:
    """Requests about the product of this one."""
    return Q(product=case.product) if case.product else None
