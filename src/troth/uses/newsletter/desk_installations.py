"""Installations in the console: what is registered, and the form by which staff enter what owners told them."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from troth import gate, in_force
from troth.collection import forms
from troth.collection.forms import known
from troth.collection.forms.build import NotStated
from troth.collection.forms.nonce import AlreadySent, spend
from troth.collection.forms.receive import make_intake
from troth.collection.forms.take import take
from troth.desk.staff import READ, may, staff_only, user_of
from troth.headers import see_other
from troth.uses.newsletter import installations
from troth.uses.newsletter.models import Installation
from troth.uses.newsletter.registering import list_choices
from troth.uses.newsletter.topics import UPDATES

ADDRESS = "/console/newsletters/installations/"
NEEDED = frozenset({"email", "product"})
"""Without these nobody can be notified of anything."""
_MOST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def enter(request: HttpRequest) -> HttpResponse:
    """What is registered, without anyone's name, and the form for one more."""
    if UPDATES not in in_force.policy().purposes or not may(user_of(request), READ, UPDATES):
        raise Http404("Installations are for the staff whom the policy names for notices about products.")
    form = _form(request)
    if request.method != "POST":
        return _show(request, form)
    if not form.is_valid():
        return _show(request, form, status=400)
    try:
        _take(request, form)
    except AlreadySent:
        return _show(request, form, again=True, status=409)
    return see_other(ADDRESS)


def _form(request: HttpRequest) -> forms.PolicyForm:
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None:
        data.pop("csrfmiddlewaretoken", None)
    try:
        form = forms.build(
            in_force.policy(),
            installations.BY_STAFF,
            lists=list_choices(),
            data=data,
            purpose=UPDATES,
            session=known.bind_to_session(request),
        )
    except NotStated as error:
        raise Http404(str(error)) from error
    for kind in NEEDED & form.fields.keys():
        form.fields[kind].required = True
    return form


def _take(request: HttpRequest, form: forms.PolicyForm) -> None:
    who, now, cause = user_of(request).who, timezone.now(), gate.new_id()
    with transaction.atomic():
        spend(form.nonce, form=installations.BY_STAFF, receipt=cause)
        kept = take(form, cause=cause, at_utc=now, who=who)
        installations.record(make_intake(form, cause=cause, kept=kept, at_utc=now, who=who))


def _show(request: HttpRequest, form: forms.PolicyForm, *, again: bool = False, status: int = 200) -> HttpResponse:
    found = Installation.objects.filter(removed_utc=None).order_by("-registered_utc")[:_MOST]
    rows = [(each, installations.name(each), each.place == installations.BY_STAFF) for each in found]
    context = {"form": form, "rows": rows, "again": again}
    return render(request, "newsletter/installations.html", context, status=status)
