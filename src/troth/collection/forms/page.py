"""The page of one anonymous form, from showing it to the receipt. It needs neither cookies nor JavaScript."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from troth import in_force, queue
from troth.collection.forms import known
from troth.collection.forms.build import build
from troth.collection.forms.form import PolicyForm
from troth.collection.forms.nonce import AlreadySent
from troth.collection.forms.origin import from_our_page
from troth.collection.forms.receive import receive
from troth.collection.forms.types import Choices
from troth.collection.intake import Record
from troth.headers import see_other
from troth.records.calls import within
from troth.security import limits, links
from troth.signals import signals_of


@dataclass(frozen=True)
class FormPage:
    """One place of the policy as a page. The room's `record` takes it; `check` may refuse more than the types do.

    required: kind → what to do where it is missing, of kinds without which this page makes no sense.
    unasked: optional kinds that this page has no use for.   first: the kind that the page is about"""

    place: str
    template: str
    record: Record[object]
    lists: Mapping[str, Choices] = field(default_factory=dict)
    initial: Mapping[str, str] = field(default_factory=dict)
    check: Callable[[PolicyForm], None] = lambda form: None
    required: Mapping[str, str] = field(default_factory=dict)
    unasked: Collection[str] = ()
    first: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)


def answer(request: HttpRequest, page: FormPage) -> HttpResponse:
    """Shows the form, asks for corrections, or leads to the receipt; 404 for a place that isn't stated."""
    now = timezone.now()
    form = _form(request, page)
    try:
        limits.within(limits.SENT if form.is_bound else limits.OPENED, address=limits.address_of(request), at_utc=now)
    except limits.TooMany as error:
        return _too_many(request, page, form, error)
    if not form.is_bound:
        return _show(request, page, form)
    if not from_our_page(request):
        form.add_error(None, _("This form didn’t come from our page, so nothing was saved. Send it again from here."))
        return _show(request, page, form, status=403)
    return _receive(request, page, form, at_utc=now)


def _form(request: HttpRequest, page: FormPage) -> PolicyForm:
    data = request.POST if request.method == "POST" else None
    form = build(
        in_force.policy(),
        page.place,
        lists=page.lists,
        data=data,
        files=request.FILES if data is not None else None,
        initial={**known.answers(request, page.place), **page.initial} if data is None else page.initial,
        session=known.bind_to_session(request),
        account=known.account(request),
    )
    form.require(page.required)
    form.leave_out(page.unasked)
    form.ask_first(page.first)
    return form


def _receive(request: HttpRequest, page: FormPage, form: PolicyForm, *, at_utc: datetime) -> HttpResponse:
    if form.is_valid():
        page.check(form)
    if not form.is_valid():
        return _show(request, page, form, status=400)
    try:
        with queue.run_soon(within):  # so that the receipt says who answers
            link = receive(form, record=page.record, at_utc=at_utc, gpc=signals_of(request).gpc)
    except AlreadySent as again:
        if not again.same:
            form.add_error(None, _say_sent_otherwise())
            return _show(request, page, form, status=409)
        link = links.Link.objects.get(pk=again.receipt)
    return see_other(links.address(link, "receipt"))


def _say_sent_otherwise() -> str:
    return _(
        "You already sent this form with different contents, and we received them. We haven’t received what is "
        "here now. To send this too, press the button again."
    )


def _show(request: HttpRequest, page: FormPage, form: PolicyForm, *, status: int = 200) -> HttpResponse:
    if form.is_bound:
        form.ask_again_for_files()
    known = {"form": form, "action": request.path, "collect": form.collect, "gpc": signals_of(request).gpc}
    response = render(request, page.template, {**known, **page.context}, status=status)
    patch_vary_headers(response, ["Sec-GPC"])
    return response


def _too_many(request: HttpRequest, page: FormPage, form: PolicyForm, error: limits.TooMany) -> HttpResponse:
    if form.is_bound:
        form.add_error(None, str(error))
        response = _show(request, page, form, status=429)
    else:
        response = render(request, "collection/too_many.html", {"sentence": str(error)}, status=429)
    response.headers["Retry-After"] = str(int(limits.SENT.within.total_seconds()))
    return response
