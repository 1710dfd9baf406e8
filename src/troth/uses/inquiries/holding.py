"""What this room holds about someone besides their values, for their copy."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from troth.desk.room import HeldRow, RoomHolding
from troth.queries import QueryInParts, Slot
from troth.site import site
from troth.uses.inquiries.models import Inquiry
from troth.words.codes import in_words
from troth.words.values import moment

_REQUESTS = QueryInParts(lambda: Inquiry.objects.filter(person=Slot("person")).order_by("received_utc"))


def list_held(person: UUID) -> Iterable[HeldRow]:
    """Their inquiries, oldest first."""
    for inquiry in _REQUESTS.read(person=person):
        product = site().products.get(inquiry.product)
        facts = (
            (_("Received"), moment(inquiry.received_utc)),
            (_("State"), in_words(inquiry.stage)),
            (_("Product"), product.name if product else inquiry.product),
        )
        yield HeldRow(_("Inquiry %(number)s") % {"number": inquiry.number}, [fact for fact in facts if fact[1]])


def correct(request: UUID, kind: str, value: str) -> None:
    """What the inquiry is about, as its customer has corrected it."""
    if kind == "product":
        Inquiry.objects.filter(pk=request).update(product=value)


HELD = RoomHolding(list_held, (_REQUESTS,))
