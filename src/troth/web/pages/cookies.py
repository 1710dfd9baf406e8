"""Cookies: which the policy allows, which this browser holds, and how to refuse them all. Policy: #C8, #C13."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from troth import in_force
from troth.headers import NOT_STORED
from troth.policy.terms import Cookie, Policy
from troth.security.cookies import find_declared
from troth.signals import signals_of, varies


@dataclass(frozen=True)
class SentCookie:
    """A cookie that this browser sent. `ends_at`: the end, where the server knows it; `ends_by`: the latest allowed."""

    name: str
    declared: Cookie | None
    ends_at: datetime | None
    ends_by: datetime | None


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    policy = in_force.policy()
    context = {
        "declared": [Listed(policy, cookie) for cookie in policy.cookies.values()],
        "held": list_held(request, policy, now=timezone.now()),
        "signals": signals_of(request),
    }
    response = render(request, "web/cookies.html", context)
    response.headers["Cache-Control"] = NOT_STORED
    patch_vary_headers(response, ["Cookie"])
    return varies(response)


@dataclass(frozen=True)
class Listed:
    """A declared cookie with its purpose and kinds in words."""

    policy: Policy
    cookie: Cookie

    @property
    def purpose(self) -> str:
        found = self.policy.purposes.get(self.cookie.purpose)
        return found.title if found else self.cookie.purpose

    @property
    def kinds(self) -> str:
        return ", ".join(self.policy.kinds[kind].title for kind in self.cookie.kinds if kind in self.policy.kinds)


def list_held(request: HttpRequest, policy: Policy, *, now: datetime) -> list[SentCookie]:
    """What the browser sent with this request, by name: the values are nobody's business."""
    return [_make_held(request, name, find_declared(name, policy.cookies), now=now) for name in sorted(request.COOKIES)]


def _make_held(request: HttpRequest, name: str, cookie: Cookie | None, *, now: datetime) -> SentCookie:
    ends_at = request.session.get_expiry_date() if name == settings.SESSION_COOKIE_NAME else None
    ends_by = cookie.lifetime.after(now) if cookie and cookie.lifetime else None
    return SentCookie(name, cookie, ends_at, ends_by)
