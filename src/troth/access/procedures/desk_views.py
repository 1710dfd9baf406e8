"""Pages that start an incident, a disclosure or an access review."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from troth import in_force
from troth.access.procedures import disclosure, incident, review
from troth.access.procedures.typed import read_address, read_moment, read_secret, read_words
from troth.cases.actions import CaseProblem
from troth.cases.models import Case
from troth.desk import notices
from troth.desk.staff import WORK, may, staff_only, user_of
from troth.headers import see_other
from troth.policy.lengths import Duration
from troth.text import CannotRead, name, number
from troth.words import promises

NEEDS_TWO = gettext_lazy("Two members of staff have to approve it.")
OLDEST = timedelta(days=366)
SHORTEST_RECIPIENT = 3


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def new_incident(request: HttpRequest) -> HttpResponse:
    """Asks what happened, since when it is known, which kinds and about how many people."""
    user = user_of(request)
    if not may(user, WORK):
        raise Http404("Incidents are for privacy people and administrators.")
    context: dict[str, Any] = {
        "kinds": [(kind.id, kind.title) for kind in in_force.policy().kinds.values()],
        "within": promises.in_words(Duration(incident.HOURS, "hour")),
        "typed": request.POST,
        "chosen": request.POST.getlist("kinds"),
        "now": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "errors": {},
    }
    if request.method != "POST":
        return render(request, "procedures/incident_new.html", context)
    given, context["errors"] = _read(request)
    if not context["errors"]:
        try:
            case = incident.begin(**given, who=user.who, at_utc=timezone.now())
            said = _("You reported incident %(number)s. Its first step is open here.") % {"number": case.number}
            return notices.say(request, said, page=f"/console/requests/{case.number}/")
        except CaseProblem as problem:
            context["errors"]["known"] = str(problem)
    return render(request, "procedures/incident_new.html", context, status=400)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def new_review(request: HttpRequest) -> HttpResponse:
    """Opens the current review, or starts one."""
    user = user_of(request)
    if not may(user, WORK):
        raise Http404("Reviews are for privacy people and administrators.")
    living = review.REVIEW.rows().filter(state__in=Case.LIVING).first()
    if living is None and request.method == "POST":
        living = review.begin(at_utc=timezone.now(), who=user.who)
        if living is not None:
            said = _("You started access review %(number)s. Keep or close each account.") % {"number": living.number}
            return notices.say(request, said, page=f"/console/requests/{living.number}/")
    if living is not None:
        return see_other(f"/console/requests/{living.number}/")
    last = review.REVIEW.rows().order_by("-received_utc").first()
    return render(request, "procedures/review_new.html", {"last": last})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def new_disclosure(request: HttpRequest) -> HttpResponse:
    """Asks whose data, which kinds, who requires them and by what; two people agree before it happens."""
    user, policy = user_of(request), in_force.policy()
    if not may(user, WORK) or disclosure.LEGAL not in policy.purposes:
        raise Http404("Disclosures are for privacy people and administrators, where the policy states them.")
    allowed = [policy.kinds[kind] for kind in policy.purposes[disclosure.LEGAL].may_use]
    context = {
        "kinds": [(kind.id, kind.title) for kind in allowed],
        "typed": request.POST,
        "chosen": request.POST.getlist("kinds"),
        "errors": {},
    }
    if request.method != "POST":
        return render(request, "procedures/disclosure_new.html", context)
    given, errors = _read_disclosure(request, {kind.id for kind in allowed})
    if not errors:
        try:
            case = disclosure.ask_disclosure(**given, who=user.who, at_utc=timezone.now())
            said = _("You recorded disclosure %(number)s. Nothing is disclosed yet.") % {"number": case.number}
            return notices.say(request, said, then=NEEDS_TWO, page=f"/console/requests/{case.number}/")
        except CaseProblem as problem:
            errors["address"] = str(problem)
    return render(request, "procedures/disclosure_new.html", context | {"errors": errors}, status=400)


def _read(request: HttpRequest) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed, and what is wrong with it, field by field."""
    errors: dict[str, str] = {}
    words = read_words(request, errors)
    known = read_moment(request.POST.get("known", ""))
    if known is None:
        errors["known"] = _("Enter the date and time it became known.")
    elif known < timezone.now() - OLDEST:
        errors["known"] = _("That date is more than a year ago. Enter when it became known to you.")
    kinds = [kind for kind in request.POST.getlist("kinds") if kind in in_force.policy().kinds]
    if not kinds:
        errors["kinds"] = _("Choose which data is affected, as far as you know.")
    people = 0
    try:
        people = number(request.POST.get("people", ""), most=incident.MOST_PEOPLE)
    except CannotRead:
        errors["people"] = _("Enter a number, 0 if nobody knows yet.")
    return {"words": words, "kinds": kinds, "people": people, "known_utc": known}, errors


def _read_disclosure(request: HttpRequest, allowed: set[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed, and what is wrong with it, field by field."""
    errors: dict[str, str] = {}
    address = read_address(request, errors)
    recipient = ""
    try:
        recipient = name(request.POST.get("recipient", ""))
        if len(recipient) < SHORTEST_RECIPIENT:
            errors["recipient"] = _("Name the court or the authority.")
    except CannotRead as problem:
        errors["recipient"] = str(problem)
    words = read_words(request, errors)
    kinds = [kind for kind in request.POST.getlist("kinds") if kind in allowed]
    if not kinds:
        errors["kinds"] = _("Choose only the data that is required.")
    secret = read_secret(request, errors, now=timezone.now())
    return {
        "address": address,
        "recipient": recipient,
        "words": words,
        "kinds": kinds,
        "secret_until": secret,
    }, errors
