"""What a room of requests holds about someone besides their values, for their copy: a row for each request."""

from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from troth.cases.models import Case
from troth.desk.room import HeldRow, RoomHolding
from troth.queries import QueryInParts, Slot
from troth.wording import Words
from troth.words.codes import in_words
from troth.words.values import moment

R = TypeVar("R", bound=Case)


def hold_requests(table: type[R], title: Words, tell: Callable[[R], Iterable[tuple[str, str]]]) -> RoomHolding:
    """Their requests, oldest first.

    Takes  title: with the place of its number; tell: title → what is known beside its time and state, "" for nothing"""
    asked = QueryInParts(lambda: table.objects.filter(person=Slot("person")).order_by("received_utc"))

    def list_held(person: UUID) -> Iterable[HeldRow]:
        for case in asked.read(person=person):
            facts = ((_("Received"), moment(case.received_utc)), (_("State"), in_words(case.stage)), *tell(case))
            yield HeldRow(str(title) % {"number": case.number}, [fact for fact in facts if fact[1]])

    return RoomHolding(list_held, (asked,))
