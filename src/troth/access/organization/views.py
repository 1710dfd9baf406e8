"""The organization page: for its members, for invited people, and for those who look for theirs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from troth import gate, in_force
from troth.access.account import guards
from troth.access.account.history import find_people
from troth.access.organization import actions, done, showing
from troth.access.organization.domains import domain_of
from troth.access.organization.entries import role_in_words
from troth.collection.forms.normalize import email
from troth.desk import notices
from troth.desk.acts import WAS
from troth.desk.done import PerformedAct
from troth.desk.turns import in_turn
from troth.headers import make_private
from troth.records import organizations as records
from troth.records.membership import ADMIN, MEMBER, ROLES
from troth.security import limits
from troth.security.models import User
from troth.text import CannotRead, code, name, read_answer, read_id

HERE = done.HERE
MEMBERS_A_PAGE = 25
FACTS_A_PAGE = 25
MOST_OF_NAME = 120
_INVITING = limits.Limit("invitation", 30, timedelta(hours=1))


class WrongField(Exception):
    """A field that can't be accepted. `field` names it; "" for the page as a whole."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@require_http_methods(["GET", "HEAD", "POST"])
@guards.signed_in_only
def organization(request: HttpRequest) -> HttpResponse:
    """The members, and everything the user's role allows."""
    user = _customer(request)
    if request.method != "POST":
        return _page(request, user)
    act = _ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise Http404("There is no such act.")
    try:
        performed = act(request, user)
    except WrongField as wrong:
        return _page(request, user, status=400, wrong=wrong.field, error=str(wrong), errors={wrong.field: str(wrong)})
    except gate.Refusal as refusal:
        if refusal.code in ("no member", "no invitation"):  # a second click finds nobody either, and is no dead end
            error = _("There was nothing to do: this may have been done already. Here is how it is now.")
            return _page(request, user, status=404, error=error)
        return _page(request, user, status=409, error=refusal.sentence)
    return notices.lead_on(request, performed)


@require_POST
@guards.signed_in_only
def share(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Shares one submission with colleagues, or stops sharing it; 404 for a stranger's."""
    user, yes = _customer(request), read_answer(request.POST.get("share"))
    there = HERE if request.POST.get("next") == "organization" else f"/account/data/{fact}/"
    if number := code(request.POST.get("request", "")):
        there = f"/account/requests/{quote(number, safe='')}/"
    if yes is None:
        find_people(user, fact)  # 404 for a stranger's
        return notices.say_unclear(request, page=there)
    try:
        records.share(actions.person_of(user), fact, yes=yes)
    except gate.Refusal as refusal:
        raise Http404("There is nothing like this to share.") from refusal
    return notices.lead_on(request, done.perform(done.SHARED if yes else done.NOT_SHARED, fact, page=there))


def _create(request: HttpRequest, user: User) -> PerformedAct:
    try:
        read = name(request.POST.get("name", ""))
    except CannotRead as problem:
        raise WrongField("name", str(problem)) from problem
    if not 2 <= len(read) <= MOST_OF_NAME:
        raise WrongField("name", _("Enter a name of 2 to 120 characters."))
    return done.perform(
        done.CREATED, actions.create_organization(user, read, by_domain=request.POST.get("by_domain") == "yes")
    )


def _ask(request: HttpRequest, user: User) -> PerformedAct:
    known = records.at_domain(domain_of(user)) if domain_of(user) else None
    if known is None or not known.led:
        raise Http404("No organization is known by this account's domain.")
    return done.perform(done.ASKED, actions.ask(user, known.organization), known.name)


def _withdraw(request: HttpRequest, user: User) -> PerformedAct:
    records.withdraw(actions.person_of(user), _id(request, "request"))
    return done.perform(done.WITHDRAWN)


def _answer(request: HttpRequest, user: User) -> PerformedAct:
    yes = _yes(request)
    name = actions.answer(user, _id(request, "invitation"), yes=yes)
    return done.perform(done.JOINED, name) if yes else done.perform(done.DECLINED)


def _decide(request: HttpRequest, user: User) -> PerformedAct:
    yes = _yes(request)
    person = actions.decide(user, _id(request, "request"), yes=yes, role=_role(request) if yes else MEMBER)
    return done.perform(done.ACCEPTED, person) if yes else done.perform(done.REFUSED, person)


def _invite(request: HttpRequest, user: User) -> PerformedAct:
    if refused := guards.count_try(request, _INVITING, name=f"invite {user.pk}"):
        raise WrongField("address", refused)
    try:
        address = email(request.POST.get("address", ""))
    except CannotRead as problem:
        raise WrongField("address", str(problem)) from problem
    try:
        invitation = actions.invite(user, address, _role(request), at_utc=timezone.now())
    except gate.Refusal as refusal:
        if refusal.code in ("invited", "too many"):
            raise WrongField("address", refusal.sentence) from refusal
        raise
    return done.perform(done.INVITED, invitation)


def _uninvite(request: HttpRequest, user: User) -> PerformedAct:
    actions.uninvite(user, _id(request, "invitation"))
    return done.perform(done.UNINVITED)


def _set_role(request: HttpRequest, user: User) -> PerformedAct:
    """Raises  WrongField: another administrator changed it since the page showed it."""
    person, role, was = _id(request, "person"), _role(request), code(request.POST.get(f"{WAS}role", ""))
    with in_turn(f"role {person}"):
        now = next((each.role for each in records.members(actions.person_of(user)) if each.person == person), was)
        if was and now not in (was, role):
            said = _("Another administrator changed this role meanwhile: it’s now %(role)s. Nothing was changed.")
            raise WrongField("", said % {"role": role_in_words(now)})
        former = actions.set_role(user, person, role)
    return done.perform(done.ROLE, person, former, role)


def _remove(request: HttpRequest, user: User) -> PerformedAct:
    person = _id(request, "person")
    actions.leave(user, person)
    return done.perform(done.REMOVED, person)


def _leave(request: HttpRequest, user: User) -> PerformedAct:
    return done.perform(done.LEFT, actions.leave(user, actions.person_of(user)))


_ACTS: Mapping[str, Callable[[HttpRequest, User], PerformedAct]] = {
    "found": _create,
    "ask": _ask,
    "withdraw": _withdraw,
    "answer": _answer,
    "decide": _decide,
    "invite": _invite,
    "uninvite": _uninvite,
    "role": _set_role,
    "remove": _remove,
    "leave": _leave,
}


def _page(request: HttpRequest, user: User, *, status: int = 200, **context: Any) -> HttpResponse:
    mine, offers = actions.mine_of(user), showing.offers(user, timezone.now())
    context |= _inside(request, user, mine) if mine else _outside(user, offers)
    context |= {"typed": request.POST, "offers": offers}
    return make_private(render(request, "organization/organization.html", context, status=status))


def _inside(request: HttpRequest, user: User, mine: records.OwnMembership) -> Mapping[str, Any]:
    leads = mine.role == ADMIN
    members = records.members(actions.person_of(user))
    page = Paginator(members, MEMBERS_A_PAGE).get_page(request.GET.get("page"))
    facts = Paginator(records.list_shared(actions.person_of(user)), FACTS_A_PAGE).get_page(request.GET.get("facts"))
    asked, invited = showing.asking(request, mine, timezone.now()) if leads else ([], [])
    return {
        "mine": mine,
        "leads": leads,
        "page": page,
        "count": len(members),
        "members": showing.colleagues(request, user, page.object_list),
        "asked": asked,
        "invited": invited,
        "facts": facts,
        "shared": showing.list_shared(request, user, list(facts.object_list), mine.organization),
        "sole": leads and sum(each.role == ADMIN for each in members) == 1,
    }


def _outside(user: User, offers: Sequence[showing.InvitationOffer]) -> Mapping[str, Any]:
    """For whom is in none: the one of their domain, unless it invited them, and their own open request."""
    domain = domain_of(user)
    known = records.at_domain(domain) if domain else None
    emailed = actions.can_tell(actions.person_of(user))
    asks = known is not None and known.led and all(each.invites != known.organization for each in offers)
    return {"domain": domain, "known": known, "asks": asks, "waits": showing.waits(user), "emailed": emailed}


def _customer(request: HttpRequest) -> User:
    user = guards.user_of(request)
    if user.person_id is None or actions.PURPOSE not in in_force.policy().purposes:
        raise Http404("Organizations are for customers, where the policy states them.")
    return user


def _id(request: HttpRequest, field: str) -> UUID:
    if (found := read_id(request.POST.get(field, ""))) is None:
        raise Http404("This is no id.")
    return found


def _yes(request: HttpRequest) -> bool:
    if (found := read_answer(request.POST.get("yes"))) is None:
        raise WrongField("", str(notices.UNCLEAR))
    return found


def _role(request: HttpRequest) -> str:
    role = request.POST.get("role", "")
    if role not in ROLES:
        raise WrongField("role", _("Choose a role."))
    return role
