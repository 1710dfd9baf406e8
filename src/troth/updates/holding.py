"""What this room holds about someone besides their values, for their copy."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from troth import in_force
from troth.desk.holding import HeldRow, RoomHolding
from troth.queries import PreparedQuery, Slot
from troth.updates import wording
from troth.updates.abouts import name_version
from troth.updates.models import UpdateReader

_READINGS = PreparedQuery(
    lambda: UpdateReader.objects.filter(person=Slot("person")).select_related("update").order_by("update__version")
)


def list_held(person: UUID) -> Iterable[HeldRow]:
    """What each version asks them."""
    law = in_force.coming()
    for found in _READINGS.list(person=person):
        asked = [wording.describe_question(law, name) for name in found.asks]
        words = ", ".join(each.title for each in asked if each) or _("Nothing")
        yield HeldRow(name_version(found.update), ((_("Questions"), words),))


HELD = RoomHolding(list_held, (_READINGS,))
