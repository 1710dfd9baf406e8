"""The history page behind a private link."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth.access import actions, browsing, giving, viewers
from troth.collection.forms import from_our_page
from troth.notes import NoteProblem
from troth.security import hops, links
from troth.text import code


# Exempt from Django's check, which needs a session: the link is the secret, and the browser's Origin is looked at.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@hops.by_link("history")
def history(request: HttpRequest, link: links.Link) -> HttpResponse:
    """A person's history. A mailed link first asks for a button press, because mail scanners open links."""
    if actions.is_alike(link):
        return hops.show_gone(request)
    if link.power == links.Link.FULL and not (request.method == "POST" and from_our_page(request)):
        # A button on someone else's page is not theirs: who pressed it cannot be told.
        elsewhere = request.method == "POST"
        context = {"action": hops.address(request), "elsewhere": elsewhere}
        return render(request, "access/confirm.html", context, status=403 if elsewhere else 200)
    return _history(request, link)


@csrf_exempt
@require_POST
@hops.by_link("receipts")
def receipts(request: HttpRequest, link: links.Link) -> HttpResponse:
    """Receipts to keep and to verify without us: of all entries, or of the one that is named."""
    if not from_our_page(request):
        return hops.show_gone(request)
    return giving.give_receipts([link.person_id], entry=code(request.POST.get("entry", "")))


@csrf_exempt
@require_POST
@hops.by_link("receipts")
def consents(request: HttpRequest, link: links.Link) -> HttpResponse:
    """Receipts of their choices for other programs: ISO/IEC TS 27560 as JSON-LD."""
    if not from_our_page(request):
        return hops.show_gone(request)
    return giving.give_consents([link.person_id])


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger's public keys and its latest checkpoint, for anyone to keep and compare."""
    try:
        return JsonResponse(actions.ledger_published(), json_dumps_params={"indent": 2, "ensure_ascii": False})
    except NoteProblem:
        return JsonResponse({"keys": [], "checkpoint": None}, status=503)


def _history(request: HttpRequest, link: links.Link) -> HttpResponse:
    query = request.POST if link.mailed else request.GET
    here = hops.address(request) if link.mailed else request.path
    held = actions.values_shown(link)  # first, since this look is the newest entry of the history
    context = {
        "link": link,
        "viewer": viewers.of_link(link) if links.opens(link, "profile") else None,
        "tab": "history",
        "receipt": links.address(link, "receipt") if link.request and links.opens(link, "receipt") else "",
        "covered": link.power == links.Link.MASKED,
        "method": "post" if link.mailed else "get",
        "action": here,
        "receipts": f"{here}receipts.json",
        "choices": f"{here}choices.jsonld",
        "held": held,
        **browsing.describe_history(
            [link.person_id],
            query,
            receipts=actions.receipts_of(link, at_utc=timezone.now()),
            confirmed=link.power == links.Link.FULL,
        ),
    }
    return render(request, "access/history.html", context)
