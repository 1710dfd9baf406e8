"""Who may enter the console, and who may read for a purpose: the policy names the staff who receive data."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from troth import gate, in_force
from troth.cases.models import Case
from troth.collection.mailbox.keeping import PLACE
from troth.headers import make_private, see_other
from troth.security import entry
from troth.security.actors import identify_staff
from troth.security.crew import names_of
from troth.security.entrances import Entrance, address_of
from troth.security.entry import user_of as user_of
from troth.security.factors import codes
from troth.security.models import Role, User

View = Callable[..., HttpResponseBase]


def staff_only(view: View) -> View:
    """A page for staff signed in with two factors; everyone else is sent to do that first.

    The database asks for the password, too: the person who came by a passkey alone types it once.
    The demonstration asks for one factor only, and says so on each page of the console."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        entry.settle_user(request)
        if not (request.user.is_authenticated and request.user.is_active and request.user.is_staff):
            return HttpResponseRedirect(_lead_back(Entrance.STAFF, request))
        if not (settings.TROTH_DEMO or entry.is_strong(request)):
            return _to_a_second_factor(user_of(request))
        if not entry.sits(request, user_of(request)):
            return see_other(_lead_back(Entrance.AGAIN, request))
        return make_private(view(request, *args, **kwargs))

    return checked


def _lead_back(entrance: Entrance, request: HttpRequest) -> str:
    """The address of the entrance, which then leads back to this page."""
    return f"{address_of(entrance)}?{urlencode({'next': request.get_full_path()})}"


def _to_a_second_factor(user: User) -> HttpResponse:
    """Sends staff to use their second factor, or to set one up."""
    return see_other(address_of(Entrance.STAFF if codes.has_second(user) else Entrance.FACTOR))


def staff_name(username: str) -> str:
    """The name by which people know a member of staff."""
    who = identify_staff(username)
    return names_of([who]).get(who, username)


def name_assignee(case: Case) -> str:
    """The name of the assignee; empty if there is none."""
    return (getattr(case, "assigned_name", "") or staff_name(case.assigned_to)) if case.assigned_to else ""


def name_asking(case: Case) -> str:
    """The name of who asks to be handed it; empty if nobody does."""
    return staff_name(case.asked_by) if case.asked_by else ""


READ, ANSWER, EXPORT, ASSIGN = "read", "answer", "export", "assign"
WORK, LOG, OPERATE = "work", "log", "operate"
RIGHTS = "rights"
"""The purpose whose recipients work on privacy requests."""

_BESIDE: Mapping[str, frozenset[str]] = {
    ASSIGN: frozenset({Role.ADMIN}),
    WORK: frozenset({Role.ADMIN}),
    LOG: frozenset({Role.ADMIN, Role.AUDITOR}),
    OPERATE: frozenset({Role.ADMIN}),
}
"""Who may do an act beside those who receive the data: none of these acts shows a value of anyone."""


def may(user: User, act: str, purpose: str = RIGHTS) -> bool:
    """Whether the policy lets this staff member do it, as a recipient of the purpose.

    Every view and every button of the console asks here."""
    stated = in_force.policy().purposes.get(purpose)
    receives = stated is not None and f"staff.{user.role}" in stated.recipients
    return receives or user.role in _BESIDE.get(act, ())


def readable(user: User) -> list[tuple[str, str]]:
    """The purposes for which the user may read someone's data, as (id, title)."""
    return [(each.id, each.title) for each in in_force.policy().purposes.values() if may(user, READ, each.id)]


def reads_mail(user: User) -> bool:
    """Whether the policy gives email to this member of staff: the role receives it for one of its purposes."""
    stated = in_force.policy().collects.get(PLACE)
    return stated is not None and any(may(user, READ, purpose) for purpose in stated.purposes)


def list_allowing(
    people: Iterable[UUID], purposes: Iterable[tuple[str, str]], kinds: Callable[[str], Sequence[str]]
) -> list[str]:
    """Titles of the purposes for which some of these kinds of one of the people may be read. Nothing is read for it.

    Takes   purposes: (id, title); kinds: purpose → kinds"""
    asked = list(people)
    return [
        title
        for id, title in purposes
        if any(each.allowed for person in asked for each in gate.decide(person, id, kinds(id)).values())
    ]
