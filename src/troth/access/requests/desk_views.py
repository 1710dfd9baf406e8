"""Console pages beside the list: entering a request that came by mail or phone, and handing out a copy."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from troth.access.copy import pages
from troth.access.requests import entering, handing, telling
from troth.access.requests.desk import WORK
from troth.cases.actions import PURPOSE
from troth.cases.models import Case
from troth.collection import forms, prepared
from troth.desk import notices, staff
from troth.desk.entering import build_form, show_form
from troth.desk.staff import may, staff_only, user_of


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def new(request: HttpRequest) -> HttpResponse:
    """The form for requests that staff enter, with the data that the deadline needs."""
    user = user_of(request)
    if not may(user, staff.WORK):
        raise Http404("Privacy requests are for privacy people and administrators.")
    form = build_form(request, entering.PLACE, purpose=PURPOSE, own=entering.OWN)
    if request.method != "POST":
        return _show(request, form)
    now = timezone.now()
    wrong = entering.find_problems(request.POST, form, at_utc=now)
    if wrong or not form.is_valid():
        return _show(request, form, wrong=wrong, status=400)
    try:
        case = entering.enter(request.POST, form, who=user.who, at_utc=now)
    except forms.AlreadySent:
        return _show(request, form, sent_before=True, status=409)
    said = _("You entered %(number)s.") % {"number": case.number}
    return notices.say(request, said, page=f"/console/requests/{case.number}/")


@require_safe
@staff_only
def show_prepared_file(request: HttpRequest, number: str, id: UUID, *, fetch: bool = False) -> HttpResponseBase:
    """A copy that this member of staff hands out, or its progress page."""
    user = user_of(request)
    if not may(user, staff.WORK):
        raise Http404("Privacy requests are for privacy people and administrators.")
    case = get_object_or_404(Case, number=number, purpose=PURPOSE)
    file = prepared.find(id, owner=handing.owner_of(case, user.who), at_utc=timezone.now())
    shown = pages.download if fetch else pages.progress
    here, back = request.path.removesuffix("download"), f"/console/requests/{number}/"
    return shown(request, file, here=here, back=back, base="console/base.html")


def _show(request: HttpRequest, form: forms.PolicyForm, **shown: Any) -> HttpResponse:
    kinds = [kind for kind, _clock in telling.list_offered()]
    return show_form(request, form, entering.MANNERS, template="requests/entry.html", work=WORK, kinds=kinds, **shown)
