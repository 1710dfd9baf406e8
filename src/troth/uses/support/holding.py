"""What this room holds about someone besides their values, for their copy."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from troth.collection.forms.types.installed import divide
from troth.desk.room import HeldRow, RoomHolding
from troth.queries import QueryInParts, Slot
from troth.site import site
from troth.uses.support.models import SupportCase
from troth.words.codes import in_words
from troth.words.values import moment

_REQUESTS = QueryInParts(lambda: SupportCase.objects.filter(person=Slot("person")).order_by("received_utc"))


def list_held(person: UUID) -> Iterable[HeldRow]:
    """Their support cases, oldest first."""
    for case in _REQUESTS.read(person=person):
        product = site().products.get(case.product)
        facts = (
            (_("Received"), moment(case.received_utc)),
            (_("State"), in_words(case.stage)),
            (_("Product"), product.name if product else case.product),
            (_("Release you use"), case.release),
            (_("Priority"), str(SupportCase.PRIORITIES.get(case.priority, case.priority))),
            (_("Your rating"), str(SupportCase.RATINGS.get(case.rating, ""))),
        )
        yield HeldRow(_("Support case %(number)s") % {"number": case.number}, [fact for fact in facts if fact[1]])


def correct(request: UUID, kind: str, value: str) -> None:
    """What the case is about, as its customer has corrected it."""
    theirs = SupportCase.objects.filter(pk=request)
    if kind == "product":
        theirs.update(product=value)
    elif kind == "installation":
        theirs.update(release=divide(value)[1])


HELD = RoomHolding(list_held, (_REQUESTS,))
