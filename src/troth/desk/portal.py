"""What customers see of their requests: the room's part of the portal's pages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from troth import in_force, outbox
from troth.cases.emails import NO_EMAIL
from troth.cases.events import list_causes
from troth.cases.kinds import kind_of
from troth.cases.models import Case, CaseEvent
from troth.catalog import deadlines
from troth.desk.staff import staff_name
from troth.queries import PreparedQuery, Slot
from troth.security.actors import find_username
from troth.security.entrances import Entrance, address_of
from troth.site import site
from troth.wording import Words
from troth.words.promises import find_promise
from troth.words.values import last_moment

R = TypeVar("R", bound=Case)


@dataclass(frozen=True)
class RequestState:
    """The state of a request, with the mark that the look has for it.

    mark  "" it is with us, warn it waits for them, stop it failed, kept it is done, own it is over without either"""

    text: str
    mark: str = ""
    next: str = ""


@dataclass(frozen=True)
class PortalTab:
    """A tab of the portal; `rank` orders them, `beneath` are further addresses that belong to it.

    filled  whether any room has something for it; without that, the site doesn't show it"""

    address: str
    title: Words
    rank: int
    beneath: tuple[str, ...] = ()
    filled: Callable[[], bool] = lambda: True


MOST_PRODUCTS = 100
"""Requests of a room that the tab of products reads."""


@dataclass(frozen=True)
class ProductLine:
    """What a room knows of a customer and a product: something that they asked, ordered or may use.

    product  its key in the site's catalog
    details  what of it, in words, such as the edition
    removes  its id for `Room.remove_product`; empty for what stays"""

    product: str
    title: str
    address: str
    state: RequestState
    at_utc: datetime
    details: str = ""
    removes: str = ""


def _title(case: Case) -> str:
    return str(kind_of(case).title)


def describe_state(case: Case) -> RequestState:
    """The stage in words, for a kind that says nothing of its own."""
    if case.state == Case.OPEN and case.waits_for == Case.PERSON:
        return RequestState(_("waiting for you"), "warn")
    match case.stage:
        case Case.UNVERIFIED:
            return RequestState(_("waiting for you"), "warn")
        case Case.ANSWERED:
            return RequestState(_("answered"), "kept")
        case Case.DENIED:
            return RequestState(_("not carried out"), "stop")
        case Case.REFUSED:
            return RequestState(_("not passed on"), "stop", _("Our privacy policy does not allow it."))
        case Case.ERASED:
            return RequestState(_("ended"), "own", _("Your data was deleted, and this request ended with it."))
        case Case.JOINED:
            return RequestState(_("merged"), "own", _("It continues as part of your earlier request."))
        case Case.WITHDRAWN:
            return RequestState(_("withdrawn"), "own", _("You can ask again at any time."))
    return RequestState(_("in progress"))


def describe_other_end(case: Case) -> tuple[str, str] | None:
    """Heading and lead for a request that ended without an answer; None for others, of which each kind says more."""
    match case.stage:
        case Case.WITHDRAWN:
            return _("You withdrew this request"), _("You can ask again at any time.")
        case Case.JOINED:
            return _("We merged this request"), _("It continues as part of your earlier request.")
        case Case.DENIED:
            return _("We closed this request"), ""
    return None


def find_holder(case: Case) -> tuple[str, str]:
    """Who has it, and for whom they work: the assignee, else the staff that the policy names."""
    team = in_force.policy().recipients.get(case.queue)
    name = staff_name(case.assigned_to) if case.assigned_to else ""
    return (name, team.title if team else "") if name else (team.title if team else _("No one yet"), "")


def _nothing(words: str) -> Q:
    return Q(pk__in=())


RequestAct = Callable[[HttpRequest, Case], HttpResponse | None]
"""Raises CaseProblem: it isn't done, and the page is shown again with that sentence, which its room's part places."""


@dataclass(frozen=True, kw_only=True)
class RequestView:
    """What a customer sees of requests of one kind.

    called    what is before its number, where that is not the kind's title
    table     its rows, where they are more than the case
    subject   one line: what it is about
    state     in words
    holder    who has it, and for whom they work
    sought    words of the search → the requests whose subject has them
    promise   of the policy: without it there is no due date to show
    template  its own part of the page, with `context`, and `refused`: why one of its acts wasn't done
    acts      what its own buttons do: value of `do` → the act, which may answer with a page of its own
    outside   which other company has it, and what the person can do there, who withdraws it; "" where none has
    elsewhere the page that takes the place of the portal's, where there is one"""

    called: Words = ""
    table: type[Case] = Case
    subject: Callable[[Case], str] = _title
    state: Callable[[Case], RequestState] = describe_state
    holder: Callable[[Case], tuple[str, str]] = find_holder
    sought: Callable[[str], Q] = _nothing
    promise: str = ""
    template: str = ""
    context: Callable[[HttpRequest, Case], Mapping[str, object]] | None = None
    acts: Mapping[str, RequestAct] = field(default_factory=dict)
    outside: Callable[[Case], str] = lambda case: ""
    elsewhere: Callable[[Case], str] | None = None


def search_products(field: str) -> Callable[[str], Q]:
    """Words → the requests about a product whose name has them.   Takes  field: in which they have the product"""

    def search(words: str) -> Q:
        found = [product.slug for product in site().products.values() if words.lower() in product.name.lower()]
        return Q(**{f"{field}__in": found})

    return search


@dataclass(frozen=True)
class ProgressStep:
    """One thing that happened, as its customer reads it. `due_utc`: by when we answer since then."""

    at_utc: datetime
    text: str
    due_utc: datetime | None = None

    @property
    def day(self) -> date:
        """By the clock that the page shows."""
        return timezone.localdate(self.at_utc)


def find_due(case: Case, view: RequestView) -> datetime | None:
    """When it will be answered; None if nobody has to answer, or no rule promises a time."""
    if case.state not in Case.LIVING or case.waits_for or (view.promise and find_promise(view.promise) is None):
        return None
    return last_moment(case.due_utc)


def find_state(case: Case, view: RequestView, at_utc: datetime) -> RequestState:
    """The request's state, and that it is late if the promised time has passed."""
    found, due = view.state(case), find_due(case, view)
    if due is None or due > at_utc or case.state == Case.UNVERIFIED:
        return found
    brand = site().brand
    days = max(1, deadlines.working_days(due, at_utc, brand.zone, brand.calendar))
    late = ngettext("late by %d business day", "late by %d business days", days) % days
    return RequestState(late, "stop", found.next)


_EVENTS = PreparedQuery(lambda: CaseEvent.objects.filter(case=Slot("case")))


def list_progress(case: Case, *, due_utc: datetime | None = None) -> list[ProgressStep]:
    """What happened, oldest first, without staff notes.

    Takes   due_utc: when the answer is due, which the last step says that made it ours to answer"""
    events = _EVENTS.list(case=case.pk)
    causes = list_causes(case.id, sum(each.what == "reopened" for each in events))
    unsent = [each for each in events if each.what == NO_EMAIL]
    events = [each for each in events if each not in unsent[1:]]  # each email that couldn't leave says the same
    asked = next((each for each in reversed(events) if each.what in _ASKS), None) if due_utc else None
    told = [
        ProgressStep(each.at_utc, words, due_utc if each is asked else None)
        for each in events
        if (words := _in_words(case, each) or (_("We received your message.") if each is asked else ""))
    ]
    mailed = [ProgressStep(mail.at_utc, mail.sentence) for mail in outbox.of_request(*causes, you=_("you"))]
    return sorted([*told, *mailed], key=lambda step: step.at_utc)


def _in_words(case: Case, event: CaseEvent) -> str:
    if event.what == "answered":
        return _describe_answered(event)
    said = _SAID.get(event.what)
    if said is None or (event.what == "assigned" and not event.words):
        return ""
    name = staff_name(event.words) if event.what == "assigned" else ""
    why = case.extended_why if event.what == "extended" else event.words
    return str(said) % {"name": name, "number": event.words, "why": why}


_ASKS = frozenset({"received", "verified", "extended", "wrote", "reopened"})
"""After these an answer is due."""
_SAID = {
    "received": gettext_lazy("We received your request."),
    "verified": gettext_lazy("You confirmed that the request is yours."),
    "asked again": gettext_lazy("You made the same request again. We added it to this one."),
    "confirmed": gettext_lazy("We confirmed your request."),
    "passed on": gettext_lazy("We passed your request on to the person who answers it."),
    "assigned": gettext_lazy("%(name)s is working on it."),
    "extended": gettext_lazy("We needed more time: %(why)s"),
    "notice": gettext_lazy("The deadline was approaching, so a status update was due."),
    "approved": gettext_lazy("One of two required staff members approved the request."),
    "erasing": gettext_lazy("The deletion started."),
    "announced": gettext_lazy("We notified the owner of each account this affects."),
    "erased": gettext_lazy("Your data was deleted, and this request ended with it."),
    "denied": gettext_lazy("We did not carry out your request."),
    "withdrawn": gettext_lazy("You withdrew the request."),
    "reopened": gettext_lazy("The request was opened again."),
    "rated": gettext_lazy("You rated the help you got."),
    "merged": gettext_lazy("We merged it into %(number)s. The messages continue there."),
    "took in": gettext_lazy("We merged your request %(number)s into this one."),
    "unmerged": gettext_lazy("We undid the merge. It is a request of its own again."),
    "let go": gettext_lazy("We undid the merge with %(number)s."),
    "split off": gettext_lazy("We moved some messages to a request of their own, %(number)s."),
    "split from": gettext_lazy("We opened it with messages of %(number)s."),
    "not attached": gettext_lazy("We did not take all attachments of your email: %(why)s"),
    "joined": gettext_lazy("You already have the same request open. We added this one to it."),
    NO_EMAIL: gettext_lazy(
        "We couldn’t email you about it: your privacy choices don’t let us use your address for this, or we hold none. "
        "This page shows what happens."
    ),
}
"""What an event says. Its words are a name, a number or a reason."""


def _describe_answered(event: CaseEvent) -> str:
    """Who said that it was answered: the person who wrote the answer may be someone else."""
    if event.who == "person":
        return _("You closed the request.")
    if username := find_username(event.who):
        return _("%(name)s marked your request as answered.") % {"name": staff_name(username)}
    return _("We answered your request.")


def read_row(table: type[R], case: Case) -> R:
    """The row of a room's table that extends the case.   Cost  1 query, unless it is that row already"""
    return case if isinstance(case, table) else table.objects.get(pk=case.pk)


def order_tabs(tabs: Sequence[PortalTab]) -> list[PortalTab]:
    return sorted((tab for tab in tabs if tab.filled()), key=lambda tab: tab.rank)


def list_product_lines(
    view: RequestView, people: Sequence[UUID], *, details: Callable[[Any], str] = lambda case: ""
) -> Iterator[ProductLine]:
    """The products that these people's requests of one kind are about, the newest first.

    Takes   details: what a request says of it, in words"""
    table: Any = view.table
    asked = table.objects.filter(person__in=people).exclude(product="").order_by("-received_utc")
    for case in asked[:MOST_PRODUCTS]:
        yield ProductLine(
            product=case.product,
            title=f"{view.called or kind_of(case).title} {case.number}",
            address=address_of(Entrance.REQUEST, number=case.number),
            state=find_state(case, view, timezone.now()),
            at_utc=case.received_utc,
            details=details(case),
        )
