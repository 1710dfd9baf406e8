"""The list of a customer's requests, and the page of one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from troth.access.account.guards import signed_in_only, to, user_of
from troth.access.account.history import describe_fact
from troth.access.organization import showing
from troth.access.portal import listing
from troth.access.portal.listing import ListedRequest, RequestFilter
from troth.cases import actions as cases
from troth.cases.models import Case
from troth.collection import forms
from troth.desk import handovers, index
from troth.desk.portal import list_progress
from troth.headers import make_private
from troth.security.models import User

ROWS_A_PAGE, CLOSED_AT_FIRST = 25, 3


@require_safe
@signed_in_only
def requests(request: HttpRequest) -> HttpResponse:
    """The list of all requests of the signed-in customer."""
    user, now = user_of(request), timezone.now()
    wanted, mine = RequestFilter.read(request.GET), listing.of_customer(user)
    found = listing.narrow(mine, user, wanted)
    names = [wanted.status] if wanted.status else list(listing.SECTIONS)
    sections = [_section(request, found, name, alone=bool(wanted.status)) for name in names]
    asked = [case for each in sections for case in each["page"].object_list]
    shown = _name_sharers(request, user, listing.tell(asked, user, now))
    by_id = {each.case.pk: each for each in shown}
    for each in sections:
        each["rows"] = [by_id[case.pk] for case in each["page"].object_list]
    context = {
        "filter": wanted,
        "kinds": listing.list_kinds(mine),
        "sections": [each for each in sections if each["rows"]],
        "none_yet": not mine.exists(),
        "any_shared": any(each.sharer for each in shown),
        "query": wanted.query,
    }
    return make_private(render(request, "portal/requests.html", context))


# Exempt from Django's check, as the pages of its buttons are: the browser's Origin is looked at instead.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_only
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One request of the customer, or one that a colleague shares; 404 for a stranger's."""
    user = user_of(request)
    found = _find(user, number)
    elsewhere = index.request_view(found.case.kind).elsewhere
    if elsewhere is not None:
        return make_private(HttpResponseRedirect(elsewhere(found.case)))
    if request.method != "POST":
        return _show(request, user, found)
    if found.sharer is not None:
        raise Http404("Whoever made a request acts on it.")
    if not forms.from_our_page(request):
        return _show(request, user, found, elsewhere=True, status=403)
    return _act(request, found.case) or to(request.path)


def _act(request: HttpRequest, case: Case) -> HttpResponse | None:
    do = request.POST.get("do", "")
    if do == "withdraw":
        if case.state in Case.LIVING:
            cases.withdraw(case.pk, at_utc=timezone.now(), who="person")
        return None
    act = index.request_view(case.kind).acts.get(do)
    return act(request, case) if act else None


def _find(user: User, number: str) -> ListedRequest:
    case = listing.of_customer(user).filter(number=number).first()
    if case is None:
        raise Http404("There is no such request of yours.")
    return listing.tell([case], user, timezone.now())[0]


def _show(
    request: HttpRequest, user: User, found: ListedRequest, *, elsewhere: bool = False, status: int = 200
) -> HttpResponse:
    view, case = index.request_view(found.case.kind), found.case
    about = _describe_own(request, user, case) if found.sharer is None else {}
    part = view.context(request, case) if view.context and found.sharer is None else {}
    context = {
        "asked": _name_sharers(request, user, [found])[0],
        "template": view.template if found.sharer is None else "",
        "elsewhere": elsewhere,
        "living": case.state in Case.LIVING,
        "action": request.path,
        **about,
        **part,
    }
    return make_private(render(request, "portal/request.html", context, status=status))


def _describe_own(request: HttpRequest, user: User, case: Case) -> Mapping[str, Any]:
    """What the customer sent, who got it, and what has happened since."""
    fact = describe_fact(request, user, case.asker)
    return {
        "held": fact["held"],
        "shares": fact["shares"] if not fact["fact"].own else None,
        "given": handovers.list_given(case.asker, case.pk),
        "progress": list_progress(case),
    }


def _name_sharers(request: HttpRequest, user: User, shown: Sequence[ListedRequest]) -> list[ListedRequest]:
    """The same with the names of the colleagues who share them."""
    facts = {each.sharer for each in shown if each.sharer is not None}
    names = showing.name_sharers(request, user, facts) if facts else {}
    return [replace(each, shared_by=names.get(each.sharer, "")) if each.sharer else each for each in shown]


def _section(request: HttpRequest, found: "QuerySet[Case]", name: str, *, alone: bool) -> dict[str, Any]:
    most = CLOSED_AT_FIRST if name == listing.CLOSED and not alone else ROWS_A_PAGE
    paging = Paginator(listing.section(found, name), most)
    page = paging.get_page(request.GET.get("page") if alone else 1)
    return {"name": name, "page": page, "count": paging.count, "alone": alone, "more": paging.count > most}
