"""The receipt page: who got what, when, under which section and why. Rooms say their part, the ledger the rest."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from troth import outbox
from troth.access import actions as access
from troth.access import handovers
from troth.access.requests import actions as requests
from troth.collection.receipts import Receipt
from troth.security import hops, links
from troth.uses.inquiries import actions as inquiries
from troth.uses.quotes import actions as quotes

ROOMS = (quotes.receipt, inquiries.receipt, requests.receipt)


# The mailed link shows values, and those only after its button was pressed: it opens no receipt.
@require_safe
@hops.by_link("receipt")
def receipt(request: HttpRequest, link: links.Link) -> HttpResponse:
    """The receipt behind a private link, whose address it keeps: our own page showed it, and no email carries it."""
    told = _told(link.request) if link.request else None
    if told is None:
        return hops.gone(request)
    context = {
        "receipt": told,
        "trail": handovers.trail(link, told.request, purpose=told.purpose),
        "mailed": outbox.of_request(told.request, you=_("you"), reasons=False),
        "held": access.values_shown(link, of_request=told.request),
        "history": links.address(link, "history"),
        "again": request.path,
    }
    return render(request, "access/receipt.html", context)


def _told(request: UUID) -> Receipt | None:
    return next((told for room in ROOMS if (told := room(request)) is not None), None)
