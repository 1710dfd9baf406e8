"""What this room holds about someone besides their values, for their copy."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from troth.desk.room import HeldRow, RoomHolding
from troth.queries import QueryInParts, Slot
from troth.site import site
from troth.uses.quotes.models import QuoteRequest
from troth.words.codes import in_words
from troth.words.values import moment

_REQUESTS = QueryInParts(lambda: QuoteRequest.objects.filter(person=Slot("person")).order_by("received_utc"))


def list_held(person: UUID) -> Iterable[HeldRow]:
    """Their requests, oldest first."""
    for quote in _REQUESTS.read(person=person):
        facts = (
            (_("Received"), moment(quote.received_utc)),
            (_("State"), in_words(quote.stage)),
            (_("Product"), site().name_product(quote.product) or quote.product),
            (_("Users"), str(quote.users or "")),
            (_("Answered by"), quote.recipient_name),
        )
        yield HeldRow(_("Request %(number)s") % {"number": quote.number}, [fact for fact in facts if fact[1]])


HELD = RoomHolding(list_held, (_REQUESTS,))
