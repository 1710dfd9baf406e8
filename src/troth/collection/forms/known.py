"""Fills forms with answers that a signed-in person gave before. Policy: #C7

Turning pages is one look and one line in their history: the session holds the grant, for one hour at most.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.security.models import User

PURPOSE = "convenience"
ACCOUNT_PURPOSE = "account"
_REFUSED = "looks refused"
_LASTING = timedelta(minutes=50)
_NOT_NOW = timedelta(minutes=10)


def account(request: HttpRequest) -> int | None:
    """The account of someone who is signed in; None for visitors and staff."""
    user = _user(request)
    return user.pk if user else None


def bind_to_session(request: HttpRequest) -> str:
    """What ties a form to the session in which it was opened; empty for visitors, who have none."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_authenticated:
        return ""
    return f"account {user.pk} {request.session.get('number', '')}"


def answers(request: HttpRequest, place: str) -> Mapping[str, str]:
    """Kind → value, for the kinds that the place asks and the policy lets us fill in.

    Cost  1 query while the grant is open; none for visitors."""
    user, policy = _user(request), in_force.policy()
    collect, purpose = policy.collects.get(place), policy.purposes.get(PURPOSE)
    if user is None or collect is None or purpose is None:
        return {}
    kinds = sorted({ask.kind for ask in collect.asks} & set(purpose.may_use))
    return _look(request, user.person_id, purpose=PURPOSE, kinds=kinds, reason=_("to fill in what you entered before"))


def self_shown(request: HttpRequest) -> Mapping[str, str]:
    """Their own name and address, to show who is signed in.   Cost  as `answers`."""
    user = _user(request)
    if user is None or ACCOUNT_PURPOSE not in in_force.policy().purposes:
        return {}
    reason = _("to show who is signed in")
    return _look(request, user.person_id, purpose=ACCOUNT_PURPOSE, kinds=["email", "name"], reason=reason)


def new_address(request: HttpRequest, person: UUID) -> str:
    """The address that the account's owner asked to change to, before it is confirmed.   Cost  as `answers`."""
    user = _user(request)
    if user is None or ACCOUNT_PURPOSE not in in_force.policy().purposes:
        return ""
    reason = _("to show the address that you asked to change to")
    found = _look(request, person, purpose=ACCOUNT_PURPOSE, kinds=["email"], reason=reason, place=f"new {person}")
    return found.get("email", "")


def look_again(request: HttpRequest) -> None:
    """Makes the next page ask for new grants, even where one was refused before."""
    gate.forget_looks(request.session)
    request.session.pop(_REFUSED, None)


def _look(
    request: HttpRequest, person: UUID | None, *, purpose: str, kinds: Sequence[str], reason: str, place: str = ""
) -> Mapping[str, str]:
    """Takes   place: apart from the owner's own looks, where it is about another person of theirs."""
    name = place or f"{purpose} {' '.join(kinds)}"
    seen: dict[str, Mapping[str, str]] = request.__dict__.setdefault("_looked", {})
    if name in seen:
        return seen[name]  # the page and its frame show the same name
    if not kinds or person is None or _was_refused(request, name):
        return {}
    given = gate.look(
        place=gate.SessionLook(request.session, name),
        person=person,
        purpose=purpose,
        kinds=kinds,
        who="program:account",
        reason=reason,
        lasting=_LASTING,
    )
    if isinstance(given, gate.Refused):
        _keep_refusal(request, name)
    seen[name] = {} if isinstance(given, gate.Refused) else given.values
    return seen[name]


def _was_refused(request: HttpRequest, name: str) -> bool:
    return float(request.session.get(_REFUSED, {}).get(name, 0)) > timezone.now().timestamp()


def _keep_refusal(request: HttpRequest, name: str) -> None:
    """Remembers a refusal for a while, so that each page does not write another one into the history."""
    until = (timezone.now() + _NOT_NOW).timestamp()
    request.session[_REFUSED] = {**request.session.get(_REFUSED, {}), name: until}


def _user(request: HttpRequest) -> User | None:
    found = getattr(request, "user", None)
    return found if isinstance(found, User) and found.person_id is not None else None
