"""Which cookies the policy lets this site set. Policy: #C8, #C11"""

from collections.abc import Mapping

from django.conf import settings

from troth import in_force
from troth.policy.terms import Cookie


def find_declared(name: str, cookies: Mapping[str, Cookie]) -> Cookie | None:
    """The declared cookie of that name, with or without the prefix that protects it over https."""
    return cookies.get(name) or cookies.get(f"__Host-{name}") or cookies.get(name.removeprefix("__Host-"))


def may_sign_in() -> bool:
    """Whether the policy declares the cookie that keeps people signed in; without it nobody can sign in."""
    return find_declared(settings.SESSION_COOKIE_NAME, in_force.policy().cookies) is not None
