"""What this room holds about someone besides their values, for their copy."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.desk.holding import hold_requests
from troth.site import site
from troth.uses.quotes.models import QuoteRequest


def _tell(quote: QuoteRequest) -> Iterable[tuple[str, str]]:
    yield _("Product"), site().name_product(quote.product) or quote.product
    yield _("Users"), str(quote.users or "")
    yield _("Answered by"), quote.recipient_name


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


HELD = hold_requests(QuoteRequest, gettext_lazy("Request %(number)s"), _tell)
