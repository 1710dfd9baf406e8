"""Which cookies the policy lets this site set. Policy: #C8, #C11"""

from collections.abc import Mapping

from django.conf import settings

from troth import gate
from troth.policy.terms import Cookie


def find_declared(name: str, cookies: Mapping[str, Cookie]) -> Cookie | None:
    """The declared cookie of that name, with or without the prefix by which browsers guard it over https."""
    return cookies.get(name) or cookies.get(f"__Host-{name}") or cookies.get(name.removeprefix("__Host-"))


def may_sign_in() -> bool:
    """Whether the policy declares the cookie that keeps somebody signed in: without it a password opens nothing."""
    return find_declared(settings.SESSION_COOKIE_NAME, gate.policy().cookies) is not None
