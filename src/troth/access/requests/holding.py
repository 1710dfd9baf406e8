"""Their privacy requests, for their copy."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from troth.cases.actions import PURPOSE
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.desk.holding import HeldRow, RoomHolding
from troth.queries import PreparedQuery, Slot
from troth.words.codes import in_words
from troth.words.values import moment

_REQUESTS = PreparedQuery(lambda: Case.objects.filter(person=Slot("person"), purpose=PURPOSE).order_by("received_utc"))


def list_held(person: UUID) -> Iterable[HeldRow]:
    """The person's privacy requests, oldest first, without staff procedures."""
    for case in _REQUESTS.list(person=person):
        kind = kind_of(case)
        if not kind.internal:
            facts = [
                (_("Request"), str(kind.title)),
                (_("Received"), moment(case.received_utc)),
                (_("State"), in_words(case.state)),
            ]
            yield HeldRow(_("Privacy request %(number)s") % {"number": case.number}, facts)


HELD = RoomHolding(list_held, (_REQUESTS,))
