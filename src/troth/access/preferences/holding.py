"""Their pauses, for their copy."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from troth import in_force
from troth.access.preferences.models import Pause
from troth.desk.holding import HeldRow, RoomHolding
from troth.desk.topics import question_title
from troth.queries import PreparedQuery, Slot
from troth.words.values import moment

_PAUSES = PreparedQuery(lambda: Pause.objects.filter(person=Slot("person")).order_by("since_utc"))


def list_held(person: UUID) -> Iterable[HeldRow]:
    """Pauses, with their end."""
    for pause in _PAUSES.list(person=person):
        of = [(_("Of"), question_title(in_force.policy(), pause.purpose))] if pause.purpose else []
        yield HeldRow(_("Pause"), [*of, (_("Since"), moment(pause.since_utc)), (_("Until"), moment(pause.until_utc))])


HELD = RoomHolding(list_held, (_PAUSES,))
