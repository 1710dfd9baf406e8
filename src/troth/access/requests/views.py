"""The list of requests, the form of each, and the page of one case."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth import in_force
from troth.access import looks
from troth.access.account.guards import signed_in_only, to, user_of
from troth.access.copy import copy_of, pages
from troth.access.copy.making import is_big
from troth.access.copy.preparing import ask_copy
from troth.access.copy.writing import as_json
from troth.access.requests import actions, telling
from troth.cases import actions as cases
from troth.cases.kinds import CASE_PAGE, CaseKind, find, kind_of
from troth.cases.models import Case
from troth.cases.rights import RightsKind, show_form
from troth.collection import forms, prepared
from troth.desk.portal import list_progress
from troth.headers import make_private, save_as
from troth.records import holds
from troth.records.stored import has_files
from troth.security import entry, hops
from troth.security.links import Link
from troth.security.models import User

PLACE = "form.privacy"


@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """Every kind of request, with what it does and when it is answered."""
    if PLACE not in in_force.policy().collects:
        raise Http404("The policy states no form.privacy.")
    user = request.user if isinstance(request.user, User) and request.user.person_id else None
    asked = actions.of_account(user.pk) if user else []
    going_on = {case.kind: case for case in asked if case.state in Case.LIVING}
    kinds = [(kind, clock, going_on.get(kind.id)) for kind, clock in telling.list_offered()]
    return render(request, "requests/listed.html", {"kinds": kinds, "customer": user is not None})


# Exempt from Django's check, which needs a session: the form's own nonce and the browser's Origin are in its place.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@forms.takes_files
def ask(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of one kind of request."""
    asked = find(kind)
    if not (isinstance(asked, RightsKind) and asked.is_offered and asked.page == CASE_PAGE):
        raise Http404("There is no such request.")
    if again := _again(request, asked, to_page=request.path):
        return again
    return show_form(
        request,
        asked,
        place=PLACE,
        template="requests/ask.html",
        button=_("Send request"),
        clock=telling.clock_of(asked),
    )


@require_POST
@signed_in_only
def ask_own(request: HttpRequest, kind: str) -> HttpResponse:
    """Makes a request by its button for a signed-in customer, then opens its page."""
    asked, user = find(kind), request.user
    if not (isinstance(asked, RightsKind) and asked.by_button and isinstance(user, User) and user.person_id):
        raise Http404("There is no such request.")
    if again := _again(request, asked, to_page=f"/privacy/requests/#kind-{asked.id}"):
        return again
    found = actions.ask(asked, user, at_utc=timezone.now())
    return to(f"/account/requests/{found.number}/")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@hops.by_link("case")
def case(request: HttpRequest, link: Link) -> HttpResponse:
    """A request behind its emailed link. Mail scanners open links, so only the page's button verifies anything."""
    found = _case(link)
    if found is None:
        return hops.show_gone(request)
    if (page := kind_of(found).page) != CASE_PAGE:
        return render(request, "requests/onward.html", {"case": telling.describe(found), "action": f"/{page}/"})
    if request.method != "POST" or "do" not in request.POST:
        return _show(request, found)
    if not forms.from_our_page(request):
        return _show(request, found, elsewhere=True, status=403)
    now = timezone.now()
    match request.POST["do"]:
        case "verify":
            cases.verify(found.id, at_utc=now, way="mailed link")
        case "withdraw" if found.state in Case.LIVING:
            cases.withdraw(found.id, at_utc=now, who="person")
    return _show(request, _case(link) or found)


@csrf_exempt
@require_POST
@hops.by_link("case")
def give_copy(request: HttpRequest, link: Link, form: str) -> HttpResponseBase:
    """The copy of everything as JSON, PDF or page."""
    found = _case(link)
    return _copy(request, found, form) if found else hops.show_gone(request)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@hops.by_link("case")
def file(request: HttpRequest, link: Link, id: UUID, *, fetch: bool = False) -> HttpResponseBase:
    """A file that is being prepared for the case of a mailed link, or the file itself."""
    found = _case(link)
    if found is None or not (forms.from_our_page(request) and _copyable(found)):
        return hops.show_gone(request)
    return _file(request, found, id, page="/case/", here=f"/case/files/{id}/", fetch=fetch)


@require_safe
@signed_in_only
def own_file(request: HttpRequest, number: str, id: UUID, *, fetch: bool = False) -> HttpResponseBase:
    """Like `file`, for signed-in customers."""
    found, page = _own(request, number), f"/account/requests/{number}/"
    again = _again(request, kind_of(found), to_page=request.path)
    return again or _file(request, found, id, page=page, here=f"{page}files/{id}/", fetch=fetch)


def confirm_own(request: HttpRequest, found: Case) -> HttpResponse | None:
    """The portal's button to confirm, after reading what will be deleted and what stays."""
    if found.state != Case.UNVERIFIED or found.account != request.user.pk:
        return None
    if again := _again(request, kind_of(found), to_page=request.path):
        return again
    cases.verify(found.id, at_utc=timezone.now(), way="signed in")
    return None


def describe(request: HttpRequest, case: Case) -> Mapping[str, object]:
    """What the page of a privacy request adds to that of all requests."""
    kind, now = kind_of(case), timezone.now()
    assert isinstance(kind, RightsKind)
    return {
        "told": telling.describe(case),
        "copyable": _copyable(case),
        "has_files": _copyable(case) and has_files(cases.subjects(case)),
        "confirms": case.state == Case.UNVERIFIED and (case.account is None or case.account == request.user.pk),
        "profile": kind.profile and getattr(request.user, "person_id", None) is not None,
        "kept": kind.keeps() if kind.keeps else [],
        "held": bool(kind.keeps) and any(each.may_be_told(now) for each in holds.list_holds(cases.subjects(case))),
    }


@csrf_exempt
@require_POST
@signed_in_only
def own_copy(request: HttpRequest, number: str, form: str) -> HttpResponseBase:
    """Like `give_copy`, for signed-in customers."""
    found = _own(request, number)
    return _again(request, kind_of(found), to_page=f"/account/requests/{number}/") or _copy(request, found, form)


def _copy(request: HttpRequest, found: Case, form: str) -> HttpResponseBase:
    if not (forms.from_our_page(request) and _copyable(found)):
        return hops.show_gone(request)
    now, people = timezone.now(), cases.subjects(found)
    if form != "page" and (form in ("pdf", "zip") or is_big(people)):
        with transaction.atomic():
            file = ask_copy(found, form, owner=_owner(found), at_utc=now)
        if hops.of(request):  # the secret goes on in a form, so no address leads on from here
            return _file(request, found, file.pk, page="/case/", here=f"/case/files/{file.pk}/", fetch=False)
        return to(f"{request.path.rpartition('/')[0]}/files/{file.pk}/")
    reason = looks.COPY_SHOWN if form == "page" else looks.COPY
    copy = copy_of(people, cause=found.id, at_utc=now, reason=reason)
    if form == "page":
        mailed = hops.of(request)
        back = "/case/" if mailed else f"/account/requests/{found.number}/"
        return make_private(
            render(request, "requests/copy.html", {"copy": copy, "case": found, "mailed": mailed, "back": back})
        )
    answer = HttpResponse(as_json(copy), content_type="application/json")
    return make_private(save_as(answer, f"my-data-{found.number}.json"))


def _owner(case: Case) -> str:
    """The person who opens the case, by its link or by the account, fetches its files."""
    return f"case {case.pk}"


def _file(request: HttpRequest, case: Case, id: UUID, *, page: str, here: str, fetch: bool) -> HttpResponseBase:
    file = prepared.find(id, owner=_owner(case), at_utc=timezone.now())
    shown = pages.download if fetch else pages.progress
    return shown(request, file, here=here, back=page, base="web/site.html")


def _again(request: HttpRequest, kind: CaseKind[object], *, to_page: str) -> HttpResponse | None:
    """A redirect to the factor question for someone signed in who hasn't used one lately; None otherwise."""
    asked = isinstance(kind, RightsKind) and kind.guarded and request.user.is_authenticated
    if not asked or entry.is_fresh(request, at_utc=timezone.now()):
        return None
    return to(f"/account/again/?{urlencode({'next': to_page})}")


def _own(request: HttpRequest, number: str) -> Case:
    found = next((case for case in actions.of_account(user_of(request).pk) if case.number == number), None)
    if found is None:
        raise Http404("There is no such request of yours.")
    return found


def _case(link: Link) -> Case | None:
    """The case of a mailed link; the earlier one, if this repeated it."""
    found = Case.objects.filter(pk=link.request, purpose=cases.PURPOSE).first() if link.request else None
    return Case.objects.filter(number=found.joined).first() if found and found.joined else found


def _copyable(case: Case) -> bool:
    kind = kind_of(case)
    return isinstance(kind, RightsKind) and kind.copied and case.state == Case.ANSWERED


def _show(request: HttpRequest, case: Case, *, elsewhere: bool = False, status: int = 200) -> HttpResponse:
    context = {
        **describe(request, case),
        "steps": list_progress(case),
        "elsewhere": elsewhere,
        "action": hops.address(request),
    }
    return make_private(render(request, "requests/case.html", context, status=status))
