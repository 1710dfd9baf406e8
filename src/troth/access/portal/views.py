"""The list of a customer's requests, and the page of one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth import in_force
from troth.access import ends
from troth.access.account.guards import HOME, signed_in_only, to, user_of
from troth.access.account.history import describe_submission
from troth.access.organization import showing
from troth.access.portal import conversations, done, finding, listing
from troth.access.portal import products as own_products
from troth.access.portal.conversations import Conversation, has_messages
from troth.access.portal.finding import OwnRequests, RequestFilter
from troth.access.portal.listing import ListedRequest
from troth.cases import actions as cases
from troth.cases.actions import CaseProblem
from troth.cases.emails import CONVERSATION, can_write
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.cases.thread import merging, titles, writing
from troth.cases.thread.reading import KINDS
from troth.collection import forms
from troth.collection.forms.returning import give_back
from troth.desk import handovers, index, notices
from troth.desk.done import PerformedAct
from troth.desk.portal import list_progress
from troth.gate import DividedPlace, SessionLook
from troth.headers import make_private
from troth.security import hops
from troth.security.entrances import Entrance, address_of
from troth.security.links import Link, LinkLook
from troth.security.models import User
from troth.text import read_id

ROWS_A_PAGE, CLOSED_AT_FIRST = 25, 3
FEW = 3
"""Requests that are seen at a glance: a filter of them would only be in the way."""
CLOSING = "reply and close"
"""The button that sends a reply and ends the request with it."""


@require_safe
@signed_in_only
def requests(request: HttpRequest) -> HttpResponse:
    """The list of all requests of the signed-in customer."""
    user, now = user_of(request), timezone.now()
    wanted = RequestFilter.read(request.GET)
    found, counted = OwnRequests(user, wanted), OwnRequests(user).count()
    counts = (found.count() if wanted.narrows else counted).sections
    names = [wanted.status] if wanted.status else [name for name in finding.SECTIONS if counts[name]]
    sections = [_section(request, found, name, counts[name], alone=bool(wanted.status)) for name in names]
    asked = [case for each in sections for case in each["cases"]]
    shown = _name_sharers(request, user, listing.tell(asked, user, now))
    shown = listing.name_own(request, shown)
    by_id = {each.case.pk: each for each in shown}
    for each in sections:
        each["rows"] = [by_id[case.pk] for case in each["cases"]]
    context = {
        "filter": wanted,
        "kinds": counted.kinds,
        "sections": [each for each in sections if each["rows"]],
        "none_yet": not any(counted.sections.values()),
        "few": sum(counted.sections.values()) <= FEW and not wanted.narrows,
        "any_shared": any(each.sharer for each in shown),
        "query": wanted.query,
    }
    return make_private(render(request, "portal/requests.html", context))


# Exempt from Django's check, as the pages of its buttons are: the browser's Origin is looked at instead.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_only
def products(request: HttpRequest) -> HttpResponse:
    """What they asked about and use, by product; staff and sites without such rooms have no such page."""
    user = user_of(request)
    if user.person_id is None or not own_products.are_offered():
        raise Http404("No room knows of products.")
    if request.method == "POST" and forms.from_our_page(request):
        line = read_id(request.POST.get("remove", ""))
        act = own_products.remove(user, line) if line else None
        return notices.lead_on(request, act or PerformedAct(done.NOT_THERE, (), timezone.now(), request.path))
    elsewhere = request.method == "POST"
    context = {"products": own_products.list_products(user), "elsewhere": elsewhere}
    return make_private(render(request, "portal/products.html", context, status=403 if elsewhere else 200))


# Exempt from Django's check, as the pages of its buttons are: the browser's Origin is looked at instead.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@forms.takes_files
@signed_in_only
def one(request: HttpRequest, number: str) -> HttpResponseBase:
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
    place = _place(request, found.case)
    try:
        return _talk(request, found, place=place) or _act(request, found.case) or to(request.path)
    except CaseProblem as problem:
        return _show(request, user, found, refused=str(problem), status=400)


# Exempt from Django's check, which needs a session: the secret of the link and the browser's Origin are in its place.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@forms.takes_files
@hops.by_link("conversation")
def conversation(request: HttpRequest, link: Link) -> HttpResponseBase:
    """One request behind its mailed link: its messages, and a reply. Mail scanners open links, so only buttons act."""
    case = Case.objects.filter(pk=link.request).first() if link.request else None
    if case is None or not has_messages(case):
        return hops.show_gone(request)
    case = merging.follow(case)  # the same customer’s, or it would not have been merged
    place = LinkLook(link)
    if request.method != "POST" or "do" not in request.POST:
        return _show_linked(request, case, None)
    if not forms.from_our_page(request):
        return _show_linked(request, case, None, elsewhere=True, status=403)
    found = listing.tell([case], None, timezone.now())[0]
    try:
        answer = _talk(request, found, place=place) or _act(request, case)
    except CaseProblem as problem:
        return _show_linked(request, _again(case), place, refused=str(problem), status=400)
    return answer or _show_linked(request, _again(case), place)


def _talk(request: HttpRequest, found: ListedRequest, *, place: DividedPlace) -> HttpResponseBase | None:
    """A reply, or one of the files; None for what the request's own buttons do, and for a reply kept by a link."""
    case, do = found.case, request.POST.get("do", "")
    if do == "file":
        return conversations.fetch(request, case, place=place)
    if do not in ("reply", CLOSING):
        return None
    if not writing.can_reply(case):
        give_back(request)
        refused = _("Nothing can be added to this request any more, so your reply wasn’t sent.")
        if hops.of(request):
            return _show_linked(request, case, place, refused=refused, status=409)
        return _show(request, user_of(request), found, refused=refused, status=409)
    form = conversations.reply(request, case)
    if form is None and do == CLOSING:
        return _act(request, _again(case), do="close")
    if form is None and hops.of(request):
        return None
    if form is None:
        return notices.lead_on(request, PerformedAct(done.WROTE, (), timezone.now(), request.path))
    shown = conversations.show(request, case, place=place, form=form)
    if hops.of(request):
        return _show_linked(request, case, place, shown=shown, status=400)
    return _show(request, user_of(request), found, shown=shown, status=400)


def _place(request: HttpRequest, case: Case) -> DividedPlace:
    return SessionLook(request.session, f"thread {case.pk}")


def _again(case: Case) -> Case:
    """The case as it is after an act."""
    return Case.objects.get(pk=case.pk)


def _show_linked(
    request: HttpRequest,
    case: Case,
    place: DividedPlace | None,
    *,
    shown: Conversation | None = None,
    elsewhere: bool = False,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """Without a place nothing of the messages is read: the page has a button for that."""
    view = index.request_view(case.kind)
    asked = listing.tell([finding.read_own(case)], None, timezone.now())[0]
    context = {
        "asked": asked,
        "conversation": shown or (conversations.show(request, case, place=place) if place else None),
        "template": view.template if kind_of(case).page == CONVERSATION else "",
        "progress": list_progress(case, due_utc=asked.due_utc),
        **_describe_acts(case, action=hops.address(request), elsewhere=elsewhere, refused=refused),
        **(view.context(request, case) if view.context else {}),
    }
    return make_private(render(request, "portal/conversation.html", context, status=status))


@require_POST
@signed_in_only
def undo(request: HttpRequest) -> HttpResponse:
    """The act that the page offered to undo, undone by its room; then the page again, which says so."""
    act = notices.find_act(request)
    undone = notices.undo(request, act) if act else None
    page = act.page if act else HOME
    return notices.lead_on(request, undone or PerformedAct(done.NOT_UNDONE, (), timezone.now(), page))


def _act(request: HttpRequest, case: Case, *, do: str = "") -> HttpResponse | None:
    """What a button of the page does; of what ends the request, the next page offers to open it again."""
    name, now = do or request.POST.get("do", ""), timezone.now()
    if name == "withdraw" and case.state in Case.LIVING:
        cases.withdraw(case.pk, at_utc=now, who="person")
        if hops.of(request):
            return None  # no address leads back to a page behind a mailed link: it is shown at once
        return notices.lead_on(request, ends.perform_end(ends.WITHDRAWN, case, at_utc=now, page=request.path))
    act = index.request_view(case.kind).acts.get(name)
    answer = act(request, case) if act else None
    if answer or hops.of(request) or case.state not in Case.LIVING or _again(case).state != Case.ANSWERED:
        return answer
    return notices.lead_on(request, ends.perform_end(ends.CLOSED, case, at_utc=now, page=request.path))


def _find(user: User, number: str) -> ListedRequest:
    case = finding.find_one(user, number)
    if case is None:
        raise Http404("There is no such request of yours.")
    return listing.tell([case], user, timezone.now())[0]


def _show(
    request: HttpRequest,
    user: User,
    found: ListedRequest,
    *,
    shown: Conversation | None = None,
    elsewhere: bool = False,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    view, case = index.request_view(found.case.kind), found.case
    about = _describe_own(request, user, found) if found.sharer is None else {}
    part = view.context(request, case) if view.context and found.sharer is None else {}
    talks = found.sharer is None and has_messages(case)
    if talks and shown is None:
        shown = conversations.show(request, case, place=_place(request, case))
    (asked,) = _name_sharers(request, user, [found])
    context = {
        "asked": replace(asked, title=titles.find_title(shown.messages) if shown else ""),
        "template": view.template if found.sharer is None else "",
        "conversation": shown if talks else None,
        **_describe_acts(case, action=request.path, elsewhere=elsewhere, refused=refused),
        "continues": address_of(Entrance.REQUEST, number=case.joined) if case.joined else "",
        **about,
        **part,
    }
    return make_private(render(request, "portal/request.html", context, status=status))


def _describe_acts(case: Case, *, action: str, elsewhere: bool, refused: str) -> Mapping[str, Any]:
    """What both pages show of a request, the one behind a sign-in and the one behind a mailed link: what can be done.

    Takes   action: where its forms go; elsewhere: it came from another site; refused: why it wasn't done"""
    view = index.request_view(case.kind)
    # Others, such as a distributor who got a quote request, answer by their own email.
    by_us = has_messages(case) and "answered" in kind_of(case).emails
    awaits = by_us and case.state == Case.OPEN and case.waits_for != Case.PERSON
    return {
        "living": case.state in Case.LIVING,
        "emailed": _tell_emailed(case) if awaits else "",
        "outside": view.outside(case),
        "reopens": kind_of(case).reopens,
        "closing": CLOSING if case.state == Case.OPEN and "close" in view.acts else "",
        "action": action,
        "elsewhere": elsewhere,
        "refused": refused,
    }


def _tell_emailed(case: Case) -> str:
    """Whether our answer comes by email, too."""
    if can_write(case):
        return _("We email you when we answer.")
    return _("You’ll find our answer here. We can’t email you about it.")


def _describe_own(request: HttpRequest, user: User, found: ListedRequest) -> Mapping[str, Any]:
    """What the customer sent, who got it, and what has happened since."""
    case = found.case
    sent = describe_submission(request, user, case.asker)
    said = KINDS if has_messages(case) else ()
    return {
        # By a button they send nothing; what they wrote is in the messages.
        "held": [each for each in sent.held if each.kind.id not in said],
        "shares": sent.shares,
        "received": handovers.list_received(case.asker, case.pk),
        "providers": handovers.list_providers(case.purpose),
        "why": in_force.policy().purposes.get(case.purpose),
        "progress": list_progress(case, due_utc=found.due_utc),
    }


def _name_sharers(request: HttpRequest, user: User, shown: Sequence[ListedRequest]) -> list[ListedRequest]:
    """The same with the names of the colleagues who share them."""
    facts = {each.sharer for each in shown if each.sharer is not None}
    names = showing.name_sharers(request, user, facts) if facts else {}
    return [replace(each, shared_by=names.get(each.sharer, "")) if each.sharer else each for each in shown]


def _section(request: HttpRequest, found: OwnRequests, name: str, count: int, *, alone: bool) -> dict[str, Any]:
    most = CLOSED_AT_FIRST if name == finding.CLOSED and not alone else ROWS_A_PAGE
    page = Paginator(range(count), most).get_page(request.GET.get("page") if alone else 1)
    part: Any = page.object_list
    cases = found.read(name, slice(part.start, part.stop)) if part else []
    return {"name": name, "page": page, "cases": cases, "count": count, "alone": alone, "more": count > most}
