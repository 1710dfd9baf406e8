"""Entering a privacy request that came by post, phone or e-mail."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth.access.requests import entering
from troth.access.requests.entering import EntryProblem
from troth.cases.kinds import PUBLIC
from troth.collection import forms
from troth.collection.forms import known
from troth.desk.staff import WORK, may, staff_only, user_of


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def new(request: HttpRequest) -> HttpResponse:
    """The form of the policy's way "entered by our staff", with what the clock needs to know."""
    user = user_of(request)
    if not may(user, WORK):
        raise Http404("Privacy requests are for privacy people and administrators.")
    form = entering.form(request.POST if request.method == "POST" else None, session=known.bind_to_session(request))
    if request.method != "POST":
        return _shown(request, form)
    if not form.is_valid():
        return _shown(request, form, status=400)
    try:
        case = entering.enter(request.POST, form, who=f"staff:{user.username}", at_utc=timezone.now())
    except EntryProblem as problem:
        return _shown(request, form, problem=problem, status=400)
    except forms.AlreadySent:
        again = EntryProblem("kind", _("This form was already sent. The request is in the list."))
        return _shown(request, form, problem=again, status=409)
    return HttpResponseRedirect(f"/console/cases/{case.number}/", status=303)


def _shown(
    request: HttpRequest, form: forms.PolicyForm, *, problem: EntryProblem | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "kinds": PUBLIC,
        "manners": [("post", _("by mail")), ("phone", _("by phone")), ("email", _("by email"))],
        "sent": request.POST,
        "today": timezone.localdate().isoformat(),
        "problem": problem,
    }
    return render(request, "console/case_entry.html", context, status=status)
