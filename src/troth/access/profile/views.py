"""The profile page. A mailed link shows values after its button; every further step is a button of that page."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth import gate, in_force
from troth.access import viewers
from troth.access.account.guards import signed_in_only
from troth.access.filtering import RequestOption, find_only_request
from troth.access.profile import actions, done
from troth.access.profile.holding import PLACE, Holding, holding
from troth.access.viewers import Viewer
from troth.collection.downloads import download
from troth.collection.forms import PolicyForm, from_our_page, takes_files
from troth.collection.forms.nonce import NonceError, check, issue_nonce
from troth.desk import index, notices
from troth.desk.done import FIELD, PerformedAct, read
from troth.files import NoSuchFile
from troth.headers import make_private
from troth.security import hops
from troth.security.links import Link
from troth.text import code
from troth.words.held import HeldValue

FORM = "access.profile"
OWN = "/account/profile/"
"""The account's own page; a submission's has its person in the address."""
ALSO = 10
"""Rows of each room that the page shows."""


# Exempt from Django's check, which needs a session: each form has its own secret, bound to the link or session.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@hops.by_link("profile")
@takes_files
def show_by_link(request: HttpRequest, link: Link) -> HttpResponseBase:
    """The page behind a mailed link; mail programs open links to look, so a button comes first."""
    return answer(request, viewers.of_link(link))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_only
@takes_files
def own(request: HttpRequest, person: UUID | None = None) -> HttpResponseBase:
    """The same page by sign-in, for one fact of the account; 404 for a stranger's."""
    viewer = viewers.find_viewer(request, person)
    if viewer is None:
        raise Http404("No such fact belongs to this account.")
    return answer(request, viewer)


def answer(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """The profile page, the form for one value, or the page after a change."""
    elsewhere = request.method == "POST" and not from_our_page(request)
    if elsewhere or (viewer.mailed and request.method != "POST"):
        context = {"action": viewer.profile, "elsewhere": elsewhere}
        return make_private(render(request, "access/confirm.html", context, status=403 if elsewhere else 200))
    if request.method == "POST" and request.POST.get("do"):
        return _step(request, viewer)
    return _page(request, viewer)


def _step(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """One step at one value: "edit", "correct", "remove"; or at a kind that is not held: "new", "add"."""
    now, sent = holding(viewer), request.POST
    held = now.find(sent.get("datum", ""))
    kind = next((ask.kind for ask in now.addable if ask.kind == sent.get("kind")), "")
    if sent["do"] == "file":
        return _fetch(request, viewer, now.find_shown(code(sent.get("datum", ""))))
    match sent["do"]:
        case "undo":
            return _undo(request, viewer)
        case "edit" if held:
            return _edit(request, viewer, _form(viewer, now, held), held)
        case "correct" if held:
            return _correct(request, viewer, now, held)
        case "remove" if held:
            return _remove(request, viewer, held)
        case "new" if kind:
            return _edit(request, viewer, _new(viewer, now, kind), None)
        case "add" if kind:
            return _add(request, viewer, now, kind)
    return _page(
        request, viewer, error=_("We no longer hold this value. This page shows what we hold now."), status=409
    )


def _fetch(request: HttpRequest, viewer: Viewer, held: HeldValue | None) -> HttpResponseBase:
    """One file of a value, saved and never shown."""
    asked = code(request.POST.get("file", ""))
    wanted = next((each for each in (held.files if held else ()) if each.id == asked), None)
    if wanted is None:
        return _page(request, viewer, error=_("We no longer hold this file."), status=409)
    try:
        return download(wanted.parts(), name=wanted.name)
    except NoSuchFile:
        return _page(request, viewer, error=_("We can’t find this file right now. We’re looking into it."), status=503)


def _form(viewer: Viewer, now: Holding, held: HeldValue, *, data: Any = None, files: Any = None) -> PolicyForm:
    """The form of one value, which knows what was given with it."""
    fact = {kind: each.raw for kind, each in now.beside(held).items()}
    country = now.country_of(held)
    return actions.form_for(
        viewer, held.kind.id, place=held.datum.channel, data=data, files=files, held=fact, country=country
    )


def _correct(request: HttpRequest, viewer: Viewer, now: Holding, held: HeldValue) -> HttpResponse:
    form = _form(viewer, now, held, data=request.POST, files=request.FILES)
    if not form.is_valid():
        return _edit(request, viewer, form, held, status=400)
    fact = {kind: each for kind, each in now.beside(held).items() if kind in form.asks and each.changeable}
    try:
        changed = actions.correct_all(viewer, fact, form.values, at_utc=timezone.now())
    except gate.Refusal as refusal:
        return _page(request, viewer, error=refusal.sentence, status=409)
    if not changed:
        return _page(request, viewer, told=_("Nothing was changed. We already hold this value."))
    changes = done.list_changes(fact, form.values, changed)
    return _tell(request, viewer, done.perform(done.CORRECTED, viewer, held.datum, changes, at_utc=timezone.now()))


def _remove(request: HttpRequest, viewer: Viewer, held: HeldValue) -> HttpResponse:
    try:
        check(request.POST.get("nonce", ""), form=FORM, session=viewer.bound)
        actions.remove(viewer, held.datum)
    except NonceError as error:
        return _page(request, viewer, error=str(error), status=403)
    except gate.Refusal as refusal:
        return _page(request, viewer, error=refusal.sentence, status=409)
    change = done.ChangedValue(held.kind.id, held.raw, None)
    return _tell(request, viewer, done.perform(done.REMOVED, viewer, held.datum, [change], at_utc=timezone.now()))


def _new(viewer: Viewer, now: Holding, kind: str, *, data: Any = None, files: Any = None) -> PolicyForm:
    """The form of a kind that is not held yet."""
    held = {each.kind.id for each in now.held}
    return actions.form_for(viewer, kind, data=data, files=files, country=now.country_of(None), but=held)


def _add(request: HttpRequest, viewer: Viewer, now: Holding, kind: str) -> HttpResponse:
    form = _new(viewer, now, kind, data=request.POST, files=request.FILES)
    if not form.is_valid():
        return _edit(request, viewer, form, None, status=400)
    actions.add(viewer, form.values, at_utc=timezone.now())
    changes = [done.ChangedValue(each, None, value) for each, value in form.values.items()]
    return _tell(request, viewer, done.perform(done.ADDED, viewer, None, changes, at_utc=timezone.now()))


def _undo(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Behind a mailed link; by sign-in, the portal's page undoes it."""
    now = timezone.now()
    act = read(request.POST.get(FIELD, ""), bound=viewer.bound, at_utc=now)
    undone = done.undo(viewer, act, at_utc=now) if act else None
    if undone is None:
        error = _("There was nothing to undo: it changed since, or the time for it is over.")
        return _page(request, viewer, error=error, status=409)
    return _tell(request, viewer, undone)


def _tell(request: HttpRequest, viewer: Viewer, act: PerformedAct) -> HttpResponse:
    notice = notices.describe(request, act, bound=viewer.bound)
    return _page(
        request, viewer, done=replace(notice, action=viewer.profile if viewer.mailed else "") if notice else None
    )


def _page(request: HttpRequest, viewer: Viewer, *, error: str = "", status: int = 200, **told: object) -> HttpResponse:
    """Takes   told: what was done, or in one sentence that nothing was."""
    turned = request.POST if viewer.mailed or request.method == "POST" else request.GET
    now, policy = holding(viewer, page=code(turned.get("page", ""))), in_force.policy()
    place = policy.collects.get(PLACE)
    context = {
        "viewer": viewer,
        "asked": _find_request(viewer),
        "tab": "profile",
        "held": now.held,
        "page": now.page,
        "method": "post" if viewer.mailed else "get",
        "addable": [(policy.kinds[ask.kind], ask) for ask in now.addable],
        "place": place,
        "also": list(index.list_held(viewer.person, most=ALSO)),
        "most": ALSO,
        "error": error,
        **told,
    }
    return make_private(render(request, "access/profile.html", context, status=status))


def _edit(
    request: HttpRequest, viewer: Viewer, form: PolicyForm, held: HeldValue | None, *, status: int = 200
) -> HttpResponse:
    if form.is_bound:
        form.ask_again_for_files()
    context = {
        "viewer": viewer,
        "asked": _find_request(viewer),
        "tab": "profile",
        "form": form,
        "held": held,
        "page_number": code(request.POST.get("page", "")),
        "kind": held.kind if held else form.policy.kinds[next(iter(form.asks))],
        "nonce": issue_nonce(FORM, session=viewer.bound),
    }
    return make_private(render(request, "access/profile_value.html", context, status=status))


def _find_request(viewer: Viewer) -> RequestOption | None:
    """The request that these values came with, for who is signed in; the account’s own page is of none."""
    return None if viewer.mailed or viewer.profile == OWN else find_only_request(viewer.person)
