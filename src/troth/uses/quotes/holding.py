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
        product = site().products.get(quote.product)
        facts = (
            (_("Received"), moment(quote.received_utc)),
            (_("State"), in_words(quote.stage)),
            (_("Product"), product.name if product else quote.product),
            (_("Users"), str(quote.users or "")),
            (_("Answered by"), quote.recipient_name),
        )
        yield HeldRow(_("Request %(number)s") % {"number": quote.number}, [fact for fact in facts if fact[1]])


def correct(request: UUID, kind: str, value: str) -> None:
    """What the request is about, as its customer has corrected it."""
    theirs = QuoteRequest.objects.filter(pk=request)
    match kind:
        case "product" | "edition":
            theirs.update(**{kind: value})
        case "need":
            theirs.update(need=value or "quote")
        case "users":
            theirs.update(users=int(value) if value else None)
        case "country" | "state":
            for territory in theirs.values_list("territory", flat=True):
                country, _hyphen, state = territory.partition("-")
                place = (value, state) if kind == "country" else (country, value)
                theirs.update(territory="-".join(filter(None, place)))


HELD = RoomHolding(list_held, (_REQUESTS,))
