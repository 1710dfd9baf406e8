"""Other requests that are about the same as an opened one, found by codes alone: no value of anyone is read for it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from troth.cases.models import Case
from troth.desk.lists.lines import with_names
from troth.desk.lists.sorting import NEWEST
from troth.desk.lists.worklist import WorkList

MOST = 5


def find_similar(work: WorkList, one: Any) -> Sequence[Any]:
    """The latest others of the same kind that are about the same.   Cost  1 query"""
    alike = work.alike(one) if work.alike else None
    if alike is None:
        return []
    # What was merged into another one is the same request twice.
    found = work.rows().filter(alike, kind=one.kind).exclude(pk=one.pk).exclude(nature=Case.JOINED)
    return list(with_names(found.order_by(NEWEST)[:MOST]))


def same_product(case: Any) -> Q | None:
    """Requests about the product of this one."""
    return Q(product=case.product) if case.product else None
