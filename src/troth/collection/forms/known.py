"""Answers that somebody who is signed in has given before: filled in, so that nothing is asked twice. Policy: #C7

Turning pages is one look and one line in her history: the session holds the grant, for one hour at most.
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
_LOOK = "look "
_LASTING = timedelta(minutes=50)
_NOT_NOW = timedelta(minutes=10)


def account(request: HttpRequest) -> int | None:
    """The account of somebody who is signed in; None for visitors and staff."""
    user = _user(request)
    return user.pk if user else None


def bind_to_session(request: HttpRequest) -> str:
    """What ties a form to the session in which it was opened; empty for visitors, who have none."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_authenticated:
        return ""
    return f"account {user.pk} {request.session.get('number', '')}"


def answers(request: HttpRequest, place: str) -> Mapping[str, str]:
    """Kind → what she told us, for the kinds that the place asks and the policy lets us fill in.

    Cost  1 query while the grant is open; none for visitors."""
    user, policy = _user(request), in_force.policy()
    collect, purpose = policy.collects.get(place), policy.purposes.get(PURPOSE)
    if user is None or collect is None or purpose is None:
        return {}
    kinds = sorted({ask.kind for ask in collect.asks} & set(purpose.may_use))
    return _look(request, user, purpose=PURPOSE, kinds=kinds, reason=_("to fill in what you entered before"))


def self_shown(request: HttpRequest) -> Mapping[str, str]:
    """Her own name and address, to show who is signed in.   Cost  as `answers`."""
    user = _user(request)
    if user is None or ACCOUNT_PURPOSE not in in_force.policy().purposes:
        return {}
    reason = _("to show who is signed in")
    return _look(request, user, purpose=ACCOUNT_PURPOSE, kinds=["email", "name"], reason=reason)


def look_again(request: HttpRequest) -> None:
    """The next page asks for new grants: those that are open name only what was held before."""
    for key in list(request.session.keys()):
        if key.startswith(_LOOK):
            del request.session[key]


def _look(request: HttpRequest, user: User, *, purpose: str, kinds: Sequence[str], reason: str) -> Mapping[str, str]:
    key, now = f"{_LOOK}{purpose} {' '.join(kinds)}", timezone.now()
    held = str(request.session.get(key, ""))
    seen: dict[str, Mapping[str, str]] = request.__dict__.setdefault("_looked", {})
    if key in seen:
        return seen[key]  # the page and its frame show the same name
    if not kinds or user.person_id is None or (held.startswith("no ") and float(held[3:]) > now.timestamp()):
        return {}
    given = gate.look(
        held=UUID(held) if held and not held.startswith("no ") else None,
        person=user.person_id,
        purpose=purpose,
        kinds=kinds,
        who="program:account",
        reason=reason,
        lasting=_LASTING,
    )
    # A refusal is remembered for a while, so that each page does not write another one into her history.
    found = f"no {(now + _NOT_NOW).timestamp()}" if isinstance(given, gate.Refused) else str(given.grant.id)
    if found != held:
        request.session[key] = found
    seen[key] = {} if isinstance(given, gate.Refused) else given.values
    return seen[key]


def _user(request: HttpRequest) -> User | None:
    found = getattr(request, "user", None)
    return found if isinstance(found, User) and found.person_id is not None else None
