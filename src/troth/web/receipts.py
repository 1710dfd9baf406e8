"""The receipt page: who got what, when, under which section and why. Rooms say their part, the ledger the rest."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from troth import outbox
from troth.access import actions as access
from troth.access import handovers
from troth.access.requests import actions as requests
from troth.collection.receipts import Receipt
from troth.security import links
from troth.uses.inquiries import actions as inquiries
from troth.uses.quotes import actions as quotes

ROOMS = (quotes.receipt, inquiries.receipt, requests.receipt)


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt behind a private link; the same plain page for every link that opens none."""
    # The mailed link shows values, and those only after its button was pressed: it opens no receipt.
    link = links.find(token, at_utc=timezone.now(), page="receipt")
    told = _told(link.request) if link and link.request else None
    if link is None or told is None:
        return _private(render(request, "access/gone.html", status=404))
    context = {
        "receipt": told,
        "trail": handovers.trail(link, told.request, purpose=told.purpose),
        "mailed": outbox.of_request(told.request, you=_("you"), reasons=False),
        "held": access.values_shown(link, of_request=told.request),
        "history": links.address(link, "history"),
        "again": request.path,
    }
    return _private(render(request, "access/receipt.html", context))


def _told(request: UUID) -> Receipt | None:
    return next((told for room in ROOMS if (told := room(request)) is not None), None)


def _private(response: HttpResponse) -> HttpResponse:
    """Kept by no cache and found by no search engine."""
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
