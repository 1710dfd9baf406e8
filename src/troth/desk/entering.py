"""What came by phone, by mail or in person, entered by staff: the same request, and the same data as by form."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Protocol

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from troth import in_force
from troth.cases.models import Case
from troth.collection import forms
from troth.collection.forms import known
from troth.collection.forms.receive import receive_from_staff
from troth.collection.forms.types import Choices
from troth.collection.intake import Record
from troth.desk import notices
from troth.desk.staff import ANSWER, may, staff_only, user_of
from troth.security.models import User
from troth.site import site
from troth.text import CannotRead, code, day
from troth.wording import Words

MANNERS: Mapping[str, Words] = {
    "phone": gettext_lazy("by phone"),
    "visit": gettext_lazy("in person"),
    "post": gettext_lazy("by mail"),
}
OWN = frozenset({"manner", "received"})
"""What the page asks beside the policy's fields: about the request, not about the person."""
_REACH = ("email", "phone")
"""One of these is needed, so that those who answer can reach the person."""


_LABELS: Mapping[str, Words] = {
    "kind": gettext_lazy("Type of request"),
    "manner": gettext_lazy("How it arrived"),
    "received": gettext_lazy("Date of arrival"),
}
"""The fields that the page asks beside the policy's, as the page names them."""


class EntryProblem(Exception):
    """What was entered cannot be a request; the sentence says what to change. `field` is beside which it is."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.label = _LABELS[field]


@dataclass(frozen=True)
class StaffEntry:
    """How staff enter requests of a list. `place`: of the policy."""

    place: str
    record: Record[Case]
    title: Words


def read_received(text: str, *, at_utc: datetime) -> datetime:
    """The moment from which the clock runs: noon of a former day, now for today.   Raises  EntryProblem."""
    zone = site().brand.zone
    today = at_utc.astimezone(zone).date()
    try:
        arrived = day(text)
    except CannotRead as error:
        raise EntryProblem("received", _("Enter the date it arrived, as year-month-day.")) from error
    if arrived > today:
        raise EntryProblem("received", _("The date of arrival can’t be in the future."))
    if (today - arrived).days > 366:
        raise EntryProblem("received", _("That date is more than a year ago. Enter the date it arrived."))
    return at_utc if arrived == today else datetime.combine(arrived, time(12), zone)


def check_arrival(sent: Mapping[str, str], manners: Container[str], *, at_utc: datetime) -> dict[str, EntryProblem]:
    """What is wrong with how and when the request arrived, by field."""
    found: dict[str, EntryProblem] = {}
    if code(sent.get("manner", "")) not in manners:
        found["manner"] = EntryProblem("manner", _("Choose how the request arrived."))
    try:
        read_received(sent.get("received", ""), at_utc=at_utc)
    except EntryProblem as problem:
        found["received"] = problem
    return found


def check_person(filled: forms.PolicyForm, *, reached: bool = False) -> None:
    """Says in the form, once the rest of it is right, which data of the person an answer needs.

    Takes   reached: an email address or a phone number is needed."""
    if not filled.is_valid():
        return
    if reached and not any(filled.values.get(kind) for kind in _REACH):
        _add_error(filled, "email", _("Enter an email address or a phone number, so that we can answer."))
    elif not filled.values.get("name") and not filled.values.get("email"):
        _add_error(filled, "name", _("Enter a name or an email address. Without one we can’t answer."))


def _add_error(filled: forms.PolicyForm, field: str, sentence: str) -> None:
    filled.add_error(field if field in filled.fields else None, sentence)


class EnteredList(Protocol):
    """The list to which requests are added."""

    @property
    def entry(self) -> StaffEntry | None: ...

    @property
    def address(self) -> str: ...

    @property
    def title(self) -> Words: ...

    @property
    def purpose(self) -> str: ...


def offer_page(work: EnteredList, user: User) -> list[tuple[str, Words]]:
    """Address and title of the page, for staff who may enter requests where the policy states it; else nothing."""
    entry = work.entry
    offered = entry is not None and entry.place in in_force.policy().collects and may(user, ANSWER, work.purpose)
    return [(f"{work.address}new/", entry.title)] if entry is not None and offered else []


def make_page(work: EnteredList) -> Callable[..., HttpResponse]:
    """The page of a list on which its staff enter a request; 404 where the policy states no such way."""
    entry, purpose = work.entry, work.purpose
    assert entry is not None  # only such lists have the page
    shown: Any = {"entry": entry, "work": work}

    @require_http_methods(["GET", "HEAD", "POST"])
    @staff_only
    def page(request: HttpRequest) -> HttpResponse:
        user = user_of(request)
        if not may(user, ANSWER, purpose):
            raise Http404("Requests are entered by those who answer them.")
        form = build_form(request, entry.place, purpose=purpose, own=OWN, lists=site().offer_lists())
        if request.method != "POST":
            return show_form(request, form, MANNERS, **shown)
        now = timezone.now()
        wrong = check_arrival(request.POST, MANNERS, at_utc=now)
        check_person(form, reached=True)
        if wrong or not form.is_valid():
            return show_form(request, form, MANNERS, wrong=wrong, status=400, **shown)
        try:
            case = _enter(request.POST, form, entry, who=user.who, at_utc=now)
        except forms.AlreadySent:
            return show_form(request, form, MANNERS, sent_before=True, status=409, **shown)
        said = _("You entered %(number)s.") % {"number": case.number}
        return notices.say(request, said, page=f"{work.address}{case.number}/")

    return page  # type: ignore[return-value]  # the guards keep the page's own type to themselves


def show_form(
    request: HttpRequest,
    form: forms.PolicyForm,
    manners: Mapping[str, Words],
    *,
    template: str = "console/entry.html",
    wrong: Mapping[str, EntryProblem] | None = None,
    sent_before: bool = False,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    """The page with the form, again with what is wrong in it.   Takes  more: what the template asks besides"""
    context = {
        "form": form,
        "manners": manners.items(),
        "sent": request.POST,
        "today": timezone.localdate().isoformat(),
        "wrong": wrong or {},
        "sent_before": sent_before,
        **more,
    }
    return render(request, template, context, status=status)


def build_form(
    request: HttpRequest,
    place: str,
    *,
    purpose: str,
    own: Iterable[str] = (),
    lists: Mapping[str, Choices] | None = None,
) -> forms.PolicyForm:
    """The form of a place by which staff enter data.

    Takes   own: what the page asks beside the policy's fields
    Raises  Http404: the policy doesn't state it"""
    data: Any = None
    if request.method == "POST":
        data = request.POST.copy()
        for name in own:
            data.pop(name, None)
    session = known.bind_to_session(request)
    return forms.build(in_force.policy(), place, lists=lists, data=data, purpose=purpose, session=session)


def _enter(sent: Mapping[str, str], filled: forms.PolicyForm, entry: StaffEntry, *, who: str, at_utc: datetime) -> Case:
    """Stores the data as entered by staff, and opens the request as of the day it arrived.   Raises  AlreadySent."""
    received = read_received(sent.get("received", ""), at_utc=at_utc)
    manner = code(sent.get("manner", ""))
    return receive_from_staff(filled, record=entry.record, who=who, at_utc=at_utc, received_utc=received, manner=manner)
