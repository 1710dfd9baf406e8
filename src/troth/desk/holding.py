"""What a room holds about someone besides their values, for their copy."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from troth.cases.models import Case
from troth.queries import QueryInParts, Slot
from troth.wording import Words
from troth.words.codes import in_words
from troth.words.values import moment

R = TypeVar("R", bound=Case)


@dataclass(frozen=True)
class HeldRow:
    """One row that a room holds about a person besides their values.

    `facts`: title → what is there, in words."""

    title: str
    facts: Sequence[tuple[str, str]]


class OfPerson(Protocol):
    """A query with the slot `person`: a `PreparedQuery`, or what a function of the database gives."""

    def part(self, *, person: UUID) -> tuple[str, Sequence[Any]]:
        """The compiled query with its parameters."""


@dataclass(frozen=True)
class RoomHolding:
    """What a room holds about people besides their values.

    tell     its rows about someone, in words
    queries  where these are: it is asked to tell only about people who have rows in one of them"""

    tell: Callable[[UUID], Iterable[HeldRow]]
    queries: Sequence[OfPerson]


def hold_requests(table: type[R], title: Words, tell: Callable[[R], Iterable[tuple[str, str]]]) -> RoomHolding:
    """Of a room of requests: a row for each of theirs, oldest first.

    Takes  title: with the place of its number; tell: title → what is known beside its time and state, "" for nothing"""
    asked = QueryInParts(lambda: table.objects.filter(person=Slot("person")).order_by("received_utc"))

    def list_held(person: UUID) -> Iterable[HeldRow]:
        for case in asked.read(person=person):
            facts = ((_("Received"), moment(case.received_utc)), (_("State"), in_words(case.stage)), *tell(case))
            yield HeldRow(str(title) % {"number": case.number}, [fact for fact in facts if fact[1]])

    return RoomHolding(list_held, (asked,))
