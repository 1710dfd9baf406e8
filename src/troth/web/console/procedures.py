"""Incidents and access reviews: how they begin, and what their cases show beside what every case shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth import gate
from troth.access import handing
from troth.cases import incident, review
from troth.cases.actions import CaseProblem
from troth.cases.models import Case
from troth.cases.timing import INCIDENT_HOURS
from troth.collection.forms.normalize import email
from troth.collection.site import site
from troth.desk import reading
from troth.desk.staff import WORK, may, staff_only, user_of
from troth.policy.terms import Duration
from troth.security import crew
from troth.security.factors import codes
from troth.security.models import User
from troth.security.sessions import Session
from troth.text import CannotRead, moment, name, number, paragraph
from troth.words import promises
from troth.words.values import kinds_in_words

OLDEST = timedelta(days=366)
LONGEST_WORDS, SHORTEST_RECIPIENT = 500, 3


@dataclass(frozen=True)
class Account:
    """One account in a review. `own`: a colleague of whoever looks decides about it. `gone`: closed meanwhile."""

    username: str
    name: str
    role: str
    second: bool
    seen_utc: datetime | None
    decided: Mapping[str, str] | None
    by: str
    own: bool
    gone: bool


@dataclass(frozen=True)
class Step:
    id: str
    title: str
    said: Mapping[str, str] | None
    by: str

    @property
    def at_utc(self) -> datetime | None:
        return parse_datetime(self.said["at"]) if self.said else None


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def new_incident(request: HttpRequest) -> HttpResponse:
    """Asks what happened, since when it is known, which kinds and about how many people."""
    user = user_of(request)
    if not may(user, WORK):
        raise Http404("Incidents are for privacy people and administrators.")
    context: dict[str, Any] = {
        "kinds": gate.policy().kinds.values(),
        "within": promises.in_words(Duration(INCIDENT_HOURS, "hour")),
        "typed": request.POST,
        "chosen": request.POST.getlist("kinds"),
        "now": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "errors": {},
    }
    if request.method != "POST":
        return render(request, "console/incident_new.html", context)
    given, context["errors"] = _read(request)
    if not context["errors"]:
        try:
            case = incident.begin(**given, who=f"staff:{user.username}", at_utc=timezone.now())
            return HttpResponseRedirect(f"/console/cases/{case.number}/", status=303)
        except CaseProblem as problem:
            context["errors"]["known"] = str(problem)
    return render(request, "console/incident_new.html", context, status=400)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def new_review(request: HttpRequest) -> HttpResponse:
    """Leads to the open review; begins one where none is open."""
    user = user_of(request)
    if not may(user, WORK):
        raise Http404("Reviews are for privacy people and administrators.")
    living = Case.objects.filter(kind=review.KIND, state__in=Case.LIVING).first()
    if living is None and request.method == "POST":
        living = review.begin(at_utc=timezone.now(), who=f"staff:{user.username}")
    if living is not None:
        return HttpResponseRedirect(f"/console/cases/{living.number}/", status=303)
    last = Case.objects.filter(kind=review.KIND).order_by("-received_utc").first()
    return render(request, "console/review_new.html", {"last": last})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def new_disclosure(request: HttpRequest) -> HttpResponse:
    """Asks whose data, which kinds, who requires them and by what; two people agree before it happens."""
    user, policy = user_of(request), gate.policy()
    if not may(user, WORK) or handing.LEGAL not in policy.purposes:
        raise Http404("Disclosures are for privacy people and administrators, where the policy states them.")
    allowed = [policy.kinds[kind] for kind in policy.purposes[handing.LEGAL].may_use]
    context = {"kinds": allowed, "typed": request.POST, "chosen": request.POST.getlist("kinds"), "errors": {}}
    if request.method != "POST":
        return render(request, "console/disclosure_new.html", context)
    given, errors = _disclosed(request, {kind.id for kind in allowed})
    if not errors:
        try:
            case = handing.ask_disclosure(**given, who=f"staff:{user.username}", at_utc=timezone.now())
            return HttpResponseRedirect(f"/console/cases/{case.number}/", status=303)
        except CaseProblem as problem:
            errors["address"] = str(problem)
    return render(request, "console/disclosure_new.html", context | {"errors": errors}, status=400)


def told(case: Case, looker: str) -> Mapping[str, Any] | None:
    """What the page of a case shows of its procedure; nothing for a request of a person."""
    if case.kind == review.KIND:
        return {"template": "console/review.html", "accounts": _accounts(case, looker)}
    if case.kind == incident.KIND:
        return {
            "template": "console/incident.html",
            "kinds": kinds_in_words(gate.policy(), case.facts.get("kinds", [])),
            "people": case.facts.get("people", 0),
            "steps": _steps(case.facts["steps"]),
        }
    return None


def _steps(said: Mapping[str, Mapping[str, str]]) -> list[Step]:
    names = crew.names_of(each["who"] for each in said.values())
    return [
        Step(id, str(title), said.get(id), by=names.get(said[id]["who"], said[id]["who"]) if id in said else "")
        for id, title in incident.STEPS.items()
    ]


def _accounts(case: Case, looker: str) -> list[Account]:
    decided: Mapping[str, Mapping[str, str] | None] = case.facts.get("accounts", {})
    known = {user.username: user for user in crew.crew()}
    seen = dict(Session.objects.values_list("user").annotate(last=Max("seen_utc")))
    return [
        Account(
            name,
            known[name].display_name,
            known[name].get_role_display(),
            codes.has_second(known[name]),
            seen.get(known[name].pk),
            decided[name],
            by=_named(decided[name], known),
            own=name == looker and review.others(name),
            gone=not known[name].is_active,
        )
        for name in sorted(decided)
        if name in known
    ]


def _named(decided: Mapping[str, str] | None, known: Mapping[str, User]) -> str:
    """The name of whoever decided."""
    who = decided["who"].removeprefix("staff:") if decided else ""
    return known[who].display_name if who in known else who


def _read(request: HttpRequest) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed, and what is wrong with it, field by field."""
    errors: dict[str, str] = {}
    words = _words(request, errors)
    known = _moment(request.POST.get("known", ""))
    if known is None:
        errors["known"] = _("Enter the date and time it became known.")
    elif known < timezone.now() - OLDEST:
        errors["known"] = _("That date is more than a year ago. Enter when it became known to you.")
    kinds = [kind for kind in request.POST.getlist("kinds") if kind in gate.policy().kinds]
    if not kinds:
        errors["kinds"] = _("Choose which data is affected, as far as you know.")
    people = 0
    try:
        people = number(request.POST.get("people", ""), most=incident.MOST_PEOPLE)
    except CannotRead:
        errors["people"] = _("Enter a number, 0 if nobody knows yet.")
    return {"words": words, "kinds": kinds, "people": people, "known_utc": known}, errors


def _disclosed(request: HttpRequest, allowed: set[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed, and what is wrong with it, field by field."""
    errors: dict[str, str] = {}
    address = ""
    try:
        address = email(request.POST.get("address", ""), mailed=False)
    except CannotRead as problem:
        errors["address"] = str(problem)
    recipient = ""
    try:
        recipient = name(request.POST.get("recipient", ""))
        if len(recipient) < SHORTEST_RECIPIENT:
            errors["recipient"] = _("Name the court or the authority.")
    except CannotRead as problem:
        errors["recipient"] = str(problem)
    words = _words(request, errors)
    kinds = [kind for kind in request.POST.getlist("kinds") if kind in allowed]
    if not kinds:
        errors["kinds"] = _("Choose only the data that is required.")
    return {"address": address, "recipient": recipient, "words": words, "kinds": kinds}, errors


def _words(request: HttpRequest, errors: dict[str, str]) -> str:
    """What was said of it, in a sentence; what is wrong with that goes to `errors`."""
    try:
        words = paragraph(request.POST.get("words", ""), most=LONGEST_WORDS)
    except CannotRead as problem:
        errors["words"] = str(problem)
        return ""
    if len(words) < reading.SHORTEST_REASON:
        errors["words"] = _("Write a sentence of at least 10 characters.")
    return words


def _moment(text: str) -> datetime | None:
    try:
        return moment(text, site().brand.zone)
    except CannotRead:
        return None
