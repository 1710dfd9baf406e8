"""What no opt-out covers, and which of someone's open requests are about it."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.queries import PreparedQuery, Slot
from troth.words.choices import AlwaysOn

_OPEN = PreparedQuery(
    lambda: (
        Case.objects.filter(person__any=Slot("people"), state__in=Case.LIVING)
        .order_by("-number")
        .only("number", "kind")
    )
)


def find_open_requests(people: Sequence[UUID]) -> Mapping[str, Sequence[str]]:
    """Purpose → the numbers of their open requests, latest first.   Cost  1 query"""
    found: dict[str, list[str]] = {}
    for case in _OPEN.list(people=[*people]):
        found.setdefault(kind_of(case).purpose, []).append(case.number)
    return found


def add_requests(always: Iterable[AlwaysOn], open: Mapping[str, Sequence[str]]) -> list[tuple[AlwaysOn, Sequence[str]]]:
    """Each with the numbers of the open requests that it is about."""
    return [(each, open.get(each.purpose.id, ())) for each in always]
