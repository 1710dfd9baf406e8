"""The console's page that finds someone who calls."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth.desk import callers
from troth.desk.reading import NoReason, reason_in
from troth.desk.staff import staff_only, user_of
from troth.security.limits import TooMany
from troth.security.models import User
from troth.text import code, read_search

SHORTEST = 3


def may_search(user: User) -> bool:
    return bool(callers.list_purposes(user))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def find_page(request: HttpRequest) -> HttpResponse:
    """The form, and under it who was found. What was typed is in no address."""
    purposes = callers.list_purposes(user_of(request))
    if not purposes:
        raise Http404("Callers are found by those who read their data.")
    if request.method != "POST":
        return _show(request, purposes)
    text, purpose = read_search(request.POST.get("q", "")), code(request.POST.get("purpose", ""))
    errors = {}
    if len(text) < SHORTEST:
        errors["q"] = _("Enter at least three characters.")
    if purpose not in dict(purposes):
        errors["purpose"] = _("Choose what it is for.")
    try:
        reason = reason_in(request.POST)
    except NoReason as problem:
        errors["reason"] = str(problem)
    if errors:
        return _show(request, purposes, errors=errors, status=400)
    try:
        found = callers.search(request, text, purpose=purpose, reason=reason)
    except TooMany as problem:
        return _show(request, purposes, errors={"q": str(problem)}, status=429)
    return _show(request, purposes, found=found, text=text)


def _show(
    request: HttpRequest,
    purposes: list[tuple[str, str]],
    *,
    errors: dict[str, str] | None = None,
    found: callers.CallerSearch | None = None,
    text: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "purposes": purposes,
        "shown": callers.describe_shown(purposes),
        "errors": errors or {},
        "found": found,
        "text": text,
        "most": callers.MOST,
        "sent": request.POST,
    }
    return render(request, "support/callers.html", context, status=status)
