"""The receipt page: who got what, when, under which section and why. Rooms add their part to the ledger's."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth import outbox
from troth.access import actions
from troth.cases import actions as cases
from troth.cases.models import Case
from troth.collection import forms
from troth.desk import handovers
from troth.desk.receipts import RequestReceipt
from troth.headers import see_other
from troth.records.models import AccountPerson
from troth.security import hops, links
from troth.security.entrances import Entrance, address_of

SOON = timedelta(minutes=1)
"""For how long a receipt asks again by itself who got the request."""
LEAVING = timedelta(seconds=5)
"""So soon after a request its emails are on their way: the receipt then says that they left."""


# The mailed link shows values, and those only after its button was pressed: it opens no receipt.
# Exempt from Django's check, which needs a session: the secret of the link and the browser's Origin are in its place.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@hops.by_link("receipt")
def receipt(request: HttpRequest, link: links.Link) -> HttpResponse:
    """The receipt behind a private link. The link stays in the URL: our own page showed it, and no email carries it."""
    told = actions.find_receipt(link.request) if link.request else None
    if told is None:
        return hops.show_gone(request)
    own, living = _find_own_page(request, link, told), _find_living(told)
    elsewhere = request.method == "POST" and not forms.from_our_page(request)
    if request.method == "POST" and not elsewhere:
        if living is not None and not own and request.POST.get("do") == "withdraw":
            cases.withdraw(living.pk, at_utc=timezone.now(), who="person")
        return see_other(request.path)
    trail = handovers.trail(link, told.cause, purpose=told.purpose)
    context = {
        "receipt": told,
        "trail": trail,
        "mailed": () if told.alike else outbox.of_request(told.cause, you=_("you"), reasons=False),
        "held": actions.values_shown(link, of_request=told.cause),
        "history": links.address(link, "history"),
        "own": own,
        "living": living,
        "elsewhere": elsewhere,
        "again": request.path,
    }
    response = render(request, "access/receipt.html", context, status=403 if elsewhere else 200)
    age = timezone.now() - told.received_utc
    leaving = any(not given.arrived for given in trail.given)
    if (told.waiting and age < SOON) or (leaving and age < LEAVING):
        # Of the browser's own: it needs no script, and ends with the waiting.
        response.headers["Refresh"] = "1" if told.waiting else "2"
    return response


def _find_own_page(request: HttpRequest, link: links.Link, told: RequestReceipt) -> str:
    """The request's own page, for the customer who is signed in and made it."""
    user = request.user.pk if request.user.is_authenticated else None
    if user is None or not AccountPerson.objects.filter(user_id=user, person_id=link.person_id).exists():
        return ""
    return address_of(Entrance.REQUEST, number=told.number)


def _find_living(told: RequestReceipt) -> Case | None:
    """The request, while its sender may withdraw it here; None where the receipt says the same to everyone."""
    return None if told.alike else Case.objects.filter(pk=told.cause, state__in=Case.LIVING).first()
