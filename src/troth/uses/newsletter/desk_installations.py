"""Installations in the console: what is registered, and the form by which staff enter what owners told them."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth import in_force
from troth.collection import forms
from troth.collection.forms.nonce import AlreadySent
from troth.collection.forms.receive import receive_from_staff
from troth.desk import exporting, notices
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.entering import build_form
from troth.desk.staff import EXPORT, READ, may, staff_only, user_of
from troth.security.models import User
from troth.text import code, read_id, read_search
from troth.uses.newsletter import installations
from troth.uses.newsletter.models import Installation
from troth.uses.newsletter.registering import list_choices
from troth.uses.newsletter.topics import UPDATES

ADDRESS = "/console/newsletters/installations/"
NEEDED = frozenset({"email", "product"})
"""Without these nobody can be notified of anything."""
ROWS_A_PAGE = 50
EXPORTED = "installations"
ENTERED, REMOVED, RESTORED = "newsletter/entered", "newsletter/removed by staff", "newsletter/restored by staff"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def enter(request: HttpRequest) -> HttpResponse:
    """What is registered, without anyone's name, and the form for one more."""
    if UPDATES not in in_force.policy().purposes or not may(user_of(request), READ, UPDATES):
        raise Http404("Installations are for the staff whom the policy names for notices about products.")
    if "remove" in request.POST:
        return _remove(request)
    if request.method != "POST" and code(request.GET.get("format", "")) == "csv":
        return _export(request)
    form = _form(request)
    if request.method != "POST":
        return _show(request, form)
    if not form.is_valid():
        return _show(request, form, status=400)
    try:
        entered = receive_from_staff(form, record=installations.record, who=user_of(request).who, at_utc=timezone.now())
    except AlreadySent:
        return _show(request, form, again=True, status=409)
    return notices.lead_on(request, PerformedAct(ENTERED, [str(entered.pk)], timezone.now(), ADDRESS))


def _export(request: HttpRequest) -> HttpResponse:
    """What the filters find, without anyone's name."""
    if not may(user_of(request), EXPORT, UPDATES):
        raise Http404("The list is exported by those whom the policy names for notices about products.")
    products = dict(list_choices()["product"])
    rows = (
        (
            each.number,
            products.get(each.product, each.product),
            each.release,
            each.maintained_until or "",
            each.registered_utc.date(),
            _("our staff") if each.place == installations.BY_STAFF else _("the form"),
        )
        for each in _list_found(_read_asked(request))
    )
    head = (_("Number"), _("Product"), _("Release"), _("Maintenance until"), _("Registered"), _("By"))
    return exporting.as_csv(request, EXPORTED, head, rows)


def _remove(request: HttpRequest) -> HttpResponse:
    """The list without it; that one is gone already is said there."""
    asked = read_id(request.POST.get("remove", ""))
    act = _set_removed(request, asked, removed=True) if asked else None
    gone = _("This installation was already removed.")
    return notices.lead_on(request, act) if act else notices.say(request, gone, page=ADDRESS)


def _set_removed(request: HttpRequest, id: UUID, *, removed: bool) -> PerformedAct | None:
    who, now = user_of(request).who, timezone.now()
    found = installations.set_removed(Installation.objects.all(), id, removed=removed, who=who, at_utc=now)
    return PerformedAct(REMOVED if removed else RESTORED, [str(id)], now, ADDRESS) if found else None


def _find(request: HttpRequest, act: PerformedAct) -> Installation | None:
    """The installation of the act, where the user may still enter such ones."""
    user = getattr(request, "user", None)
    if not (isinstance(user, User) and user.is_staff and may(user, READ, UPDATES)):
        return None
    return Installation.objects.filter(pk=act.facts[0]).first()


def _tell(request: HttpRequest, act: PerformedAct) -> DoneNotice | None:
    found = _find(request, act)
    if found is None:
        return None
    named = {"what": installations.name(found), "number": found.number}
    if act.id == REMOVED:
        said = _("You removed %(what)s, installation %(number)s.")
        then = _("No notice goes out because of it. The person’s history says that you removed it.")
        return DoneNotice(sentences=(said % named,), then=then, undoable=found.removed_utc is not None)
    entered, again = _("You entered %(what)s, installation %(number)s."), _("%(what)s is registered again.")
    said = entered if act.id == ENTERED else again
    return DoneNotice(sentences=(said % named,), undoable=found.removed_utc is None)


def _undo(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    if _find(request, act) is None:
        return None
    return _set_removed(request, UUID(act.facts[0]), removed=act.id != REMOVED)


DONE: Mapping[str, DoneKind] = dict.fromkeys((ENTERED, REMOVED, RESTORED), DoneKind(_tell, _undo))


def _form(request: HttpRequest) -> forms.PolicyForm:
    form = build_form(request, installations.BY_STAFF, purpose=UPDATES, lists=list_choices())
    for kind in NEEDED & form.fields.keys():
        form.fields[kind].required = True
    return form


def _show(request: HttpRequest, form: forms.PolicyForm, *, again: bool = False, status: int = 200) -> HttpResponse:
    asked = _read_asked(request)
    page = Paginator(_list_found(asked), ROWS_A_PAGE).get_page(code(request.GET.get("page", "")))
    given = {name: value for name, value in asked.items() if value}
    context = {
        "form": form,
        "rows": [(each, installations.name(each), each.place == installations.BY_STAFF) for each in page],
        "page": page,
        "paging": f"{urlencode(given)}&" if given else "",
        "asked": asked,
        "products": dict(list_choices()["product"]),
        "again": again,
        "may_export": may(user_of(request), EXPORT, UPDATES),
    }
    return render(request, "newsletter/installations.html", context, status=status)


def _read_asked(request: HttpRequest) -> Mapping[str, str]:
    return {name: read_search(request.GET.get(name, "")) for name in ("q", "product")}


def _list_found(asked: Mapping[str, str]) -> QuerySet[Installation]:
    """The newest first. What is looked for: the beginning of a release or a number, and the product."""
    found, sought = Installation.objects.filter(removed_utc=None), asked["q"]
    if asked["product"]:
        found = found.filter(product=asked["product"])
    if sought:
        found = found.filter(Q(release__startswith=sought) | Q(number__iendswith=sought))
    return found.order_by("-registered_utc", "-pk")
