"""What the frame of every page shows: brand, the adopted policy, a notice of a new version. Looks at no cookie."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.collection.forms import known
from troth.desk import index, notices
from troth.desk.portal import PortalTab
from troth.policy.terms import Policy
from troth.security.models import User
from troth.site import site
from troth.web import frame, reference, retyping

NOTICED_DAYS = 60
"""How long pages point at a new version.

Without a cookie visitors cannot be told apart, so all of them see it; an account remembers what it has seen."""


@dataclass(frozen=True)
class PolicyNotice:
    version: int
    effective: date
    difference: str
    coming: bool = False


def shell(request: HttpRequest) -> dict[str, Any]:
    policy = reference.policy_if_known()
    return {
        "brand": site().brand,
        "policy": policy,
        "policy_notice": cache(lambda: _notice(request, policy)),
        "language": get_language() or reference.language(),
        "pages": frame.list_pages(policy),
        "signed_in": cache(lambda: find_signed_in_name(request)),
        "tabs": cache(lambda: find_tabs(request)),
        "done": cache(lambda: notices.find_notice(request)),
        "sealed_form": cache(lambda: retyping.find_sealed(request)),
        "demo": bool(getattr(settings, "TROTH_DEMO", False)),
    }


def find_signed_in_name(request: HttpRequest) -> str:
    """The name of who is signed in, as the header shows it; empty for visitors and while the database is away."""
    try:
        user = getattr(request, "user", None)
        if not isinstance(user, User) or not user.is_authenticated:
            return ""
        shown = known.self_shown(request)
    except (DatabaseError, gate.InsideTransaction):
        return ""
    return user.display_name or shown.get("name") or shown.get("email") or _("Your account")


def find_tabs(request: HttpRequest) -> list[tuple[PortalTab, str]]:
    """The portal's tabs for a customer who is signed in, each with what `aria-current` says of it; none for others."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.person_id is None:
        return []
    tabs = index.tabs()
    fits = [(len(at), tab) for tab in tabs for at in (tab.address, *tab.beneath) if request.path.startswith(at)]
    here = max(fits, key=lambda pair: pair[0], default=(0, None))[1]
    return [(tab, ("page" if request.path == tab.address else "true") if tab is here else "") for tab in tabs]


def policy_notice(policy: Policy, *, today: date, coming: bool = False) -> PolicyNotice | None:
    """The notice of a new or announced version; None for a first one and after NOTICED_DAYS. Policy: #P3."""
    if policy.version < 2 or today > policy.effective + timedelta(days=NOTICED_DAYS):
        return None
    return PolicyNotice(policy.version, policy.effective, f"/policy/{policy.version - 1}..{policy.version}", coming)


def _notice(request: HttpRequest, policy: Policy | None) -> PolicyNotice | None:
    """The notice, until it was read: not on the page that says what changed, nor for an account that opened it."""
    announced = in_force.find_announced() if policy else None
    shown = announced.policy if announced else policy
    notice = policy_notice(shown, today=timezone.localdate(), coming=announced is not None) if shown else None
    if notice is None or request.path in (notice.difference, "/policy", f"/policy/{notice.version}"):
        return None
    try:
        user = getattr(request, "user", None)
        seen = user.policy_seen if isinstance(user, User) else 0
    except DatabaseError:
        seen = 0
    return notice if seen < notice.version else None
