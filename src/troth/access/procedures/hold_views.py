"""The page that starts a legal hold."""

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth import in_force
from troth.access import persons
from troth.access.procedures import hold
from troth.access.procedures.desk_views import NEEDS_TWO
from troth.access.procedures.disclosure import LEGAL
from troth.access.procedures.typed import read_address, read_secret, read_words
from troth.desk import notices
from troth.desk.staff import WORK, may, staff_only, user_of
from troth.text import code

_USUAL_REVIEW = "90"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def new_hold(request: HttpRequest) -> HttpResponse:
    """Asks whose data, which kinds, for which dispute and until when; two people agree before it is in force."""
    user, policy = user_of(request), in_force.policy()
    if not may(user, WORK) or LEGAL not in policy.purposes:
        raise Http404("Legal holds are for privacy people and administrators, where the policy states them.")
    context = {
        "kinds": [(kind.id, kind.title) for kind in policy.kinds.values()],
        "typed": request.POST,
        "chosen": request.POST.getlist("kinds"),
        "reviews": hold.list_reviews(),
        "review": code(request.POST.get("review", _USUAL_REVIEW)),
        "errors": {},
    }
    if request.method != "POST":
        return render(request, "procedures/hold_new.html", context)
    given, errors = _read(request, set(policy.kinds), timezone.now())
    if not errors:
        case = hold.ask_hold(**given, who=user.who, at_utc=timezone.now())
        said = _("You recorded legal hold %(number)s. Nothing is held yet.") % {"number": case.number}
        return notices.say(request, said, then=NEEDS_TWO, page=f"/console/requests/{case.number}/")
    return render(request, "procedures/hold_new.html", context | {"errors": errors}, status=400)


def _read(request: HttpRequest, known: set[str], now: datetime) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed, and what is wrong with it, field by field."""
    errors: dict[str, str] = {}
    address = read_address(request, errors)
    given: dict[str, Any] = {"people": persons.at(address) if address else [], "words": read_words(request, errors)}
    if address and not given["people"]:
        errors["address"] = _("We have no data for this address, so there is nothing to hold.")
    chosen = set(request.POST.getlist("kinds"))
    given["kinds"] = sorted(chosen & known)
    if chosen - known:  # leaving one out could leave none, which holds everything
        errors["kinds"] = _("Choose again what it covers: the policy doesn’t name one of these.")
    days = code(request.POST.get("review", ""))
    if days not in dict(hold.list_reviews()):
        errors["review"] = _("Choose when it is reviewed.")
    else:
        given["review"] = now + timedelta(days=int(days))
    given["secret_until"] = read_secret(request, errors, now=now)
    return given, errors
