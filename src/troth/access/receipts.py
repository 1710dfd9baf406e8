"""The receipt page: who got what, when, under which section and why. Rooms add their part to the ledger's."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth import outbox
from troth.access import actions, ends
from troth.cases import actions as cases
from troth.cases.kinds import kind_of
from troth.cases.models import Case, by_id
from troth.collection import forms
from troth.desk import done, handovers, index, notices
from troth.desk.done import DoneNotice, PerformedAct
from troth.desk.receipts import RequestReceipt
from troth.headers import see_other
from troth.records.models import AccountPerson
from troth.security import hops, links
from troth.security.entrances import Entrance, address_of

SOON = timedelta(minutes=1)
"""For how long a receipt asks again by itself who got the request."""
LEAVING = timedelta(seconds=5)
"""So soon after a request its emails are on their way: the receipt then says that they left."""
ASK = "withdraw"
"""In the address: the receipt asks whether to withdraw, and doesn't refresh itself meanwhile."""


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
        act = None if own or told.alike else _act(request, link, living)
        there = f"{request.path}?{urlencode({done.FIELD: done.seal(act, bound=str(link.id))})}" if act else request.path
        return see_other(there)
    trail = handovers.trail(link, told.cause, purpose=told.purpose)
    if told.waiting and trail.given:  # passed on between the two looks
        told = actions.find_receipt(told.cause) or told
    asks = living is not None and not own and ASK in request.GET
    context = {
        "receipt": told,
        "trail": trail,
        "providers": handovers.list_providers(told.purpose),
        "mailed": () if told.alike else outbox.of_request(told.cause, you=_("you"), reasons=False),
        "held": actions.values_shown(link, of_request=told.cause),
        "history": f"/account/data/{link.person_id}/" if own else links.address(link, "history"),
        "own": own,
        "living": living,
        "reopens": living is not None and kind_of(living).reopens,
        "asks": asks,
        "outside": index.request_view(living.kind).outside(living) if living is not None and asks else "",
        "ask": ASK,
        "elsewhere": elsewhere,
        "again": request.path,
        "done": _find_notice(request, link),
    }
    response = render(request, "access/receipt.html", context, status=403 if elsewhere else 200)
    age = timezone.now() - told.received_utc
    leaving = any(not given.arrived for given in trail.given)
    if not asks and ((told.waiting and age < SOON) or (leaving and age < LEAVING)):
        # Of the browser's own: it needs no script, and ends with the waiting.
        response.headers["Refresh"] = "1" if told.waiting else "2"
    return response


def _act(request: HttpRequest, link: links.Link, living: Case | None) -> PerformedAct | None:
    """Withdraws the request, or opens it again as long as that can be undone; None where neither was done."""
    do, now = request.POST.get("do"), timezone.now()
    if do == "withdraw" and living is not None:
        cases.withdraw(living.pk, at_utc=now, who="person")
        return ends.perform_end(ends.WITHDRAWN, living, at_utc=now, page=request.path)
    act = done.read(request.POST.get(done.FIELD, ""), bound=str(link.id), at_utc=now) if do == "undo" else None
    case = Case.objects.filter(pk=link.request).first() if act and link.request else None
    return ends.reopen(case, act) if act and case else None


def _find_notice(request: HttpRequest, link: links.Link) -> DoneNotice | None:
    """What was done on this receipt a moment ago, with the way back."""
    bound = str(link.id)
    act = done.read(request.GET.get(done.FIELD, ""), bound=bound, at_utc=timezone.now())
    notice = notices.describe(request, act, bound=bound) if act else None
    return replace(notice, action=request.path, address="") if notice else None


def _find_own_page(request: HttpRequest, link: links.Link, told: RequestReceipt) -> str:
    """The request's own page, for the customer who is signed in and made it."""
    user = request.user.pk if request.user.is_authenticated else None
    if user is None or not AccountPerson.objects.filter(user_id=user, person_id=link.person_id).exists():
        return ""
    return address_of(Entrance.REQUEST, number=told.number)


def _find_living(told: RequestReceipt) -> Case | None:
    """The request, while its sender may withdraw it here; None where the receipt says the same to everyone."""
    case = None if told.alike else by_id(Case).first(id=told.cause)
    return case if case is not None and case.state in Case.LIVING else None
