"""The console's pages of translations: which there are, and one beside the text that it translates."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth import gate, in_force
from troth.desk import notices
from troth.desk.staff import staff_only
from troth.headers import see_other
from troth.policy import Finding
from troth.records.law.models import PolicyTranslation
from troth.security.crew import names_of
from troth.text import CannotRead, code, line
from troth.updates import desk, translating


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def list_all(request: HttpRequest) -> HttpResponse:
    """The languages of the version in force, what waits for approval, and a form for another translation."""
    who = desk.read_who(request)
    if request.method != "POST":
        return _list(request)
    text, error = _read_text(request)
    if error:
        return _list(request, error=error, status=422)
    try:
        id = translating.propose(text, who=who, at_utc=timezone.now())
    except in_force.CannotAdopt as problem:
        return _list(request, text=text, findings=problem.findings, status=422)
    except gate.Refusal as problem:
        return _list(request, text=text, error=problem.sentence, status=409)
    said, then = _("You proposed a translation."), _("Another member of the privacy staff has to approve it.")
    return notices.say(request, said, then=then, page=f"/console/updates/translations/{id}/")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def show(request: HttpRequest, id: UUID) -> HttpResponse:
    """Both texts side by side; someone else approves the translation, or it is withdrawn."""
    who = desk.read_who(request)
    row = get_object_or_404(PolicyTranslation, pk=id)
    refused = ""
    if request.method == "POST":
        try:
            return _act(request, row, who)
        except gate.Refusal as problem:
            refused = problem.sentence
    context = {
        "read": translating.read(row),
        "names": names_of((row.first_by, row.second_by, row.withdrawn_by)),
        "mine": row.first_by == who,
        "refused": refused,
    }
    return render(request, "updates/translation.html", context, status=409 if refused else 200)


def _act(request: HttpRequest, row: PolicyTranslation, who: str) -> HttpResponse:
    match code(request.POST.get("do", "")):
        case "approve":
            translating.approve(row, sha256=code(request.POST.get("sha256", "")), who=who, at_utc=timezone.now())
            said = _("You approved the translation. Readers of its language see it now.")
        case "withdraw":
            translating.withdraw(row, who=who, at_utc=timezone.now())
            said = _("You withdrew the translation.")
        case _:
            return see_other(request.path)
    return notices.say(request, said, page=request.path)


def _read_text(request: HttpRequest) -> tuple[str, str]:
    """The translation of the site folder that was chosen, else the one that was typed; and what is wrong with it."""
    try:
        name = line(request.POST.get("site", ""), most=100)
    except CannotRead as problem:
        return "", str(problem)
    if name:
        text = translating.read_site().get(name, "")
        return text, "" if text else _("This file is no longer in the site folder.")
    return desk.read_text(request)


def _list(
    request: HttpRequest, *, text: str = "", error: str = "", findings: tuple[Finding, ...] = (), status: int = 200
) -> HttpResponse:
    context = {
        "states": translating.list_states(),
        "current": in_force.policy(),
        "open": translating.list_open(),
        "site": sorted(translating.read_site()),
        "text": text,
        "error": error,
        "findings": findings,
    }
    return render(request, "updates/translations.html", context, status=status)
