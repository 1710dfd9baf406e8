"""Who somebody is, by address and password. An unknown address costs the same work as a wrong password.

Policy  #S1, #A1
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from troth.security.models import User
from troth.security.passwords import forms_of
from troth.security.sessions import mark

BACKEND = "troth.security.entry.ByAddress"
HALF_LASTS = timedelta(minutes=10)
FRESH = timedelta(minutes=15)
_HALF = "half"


class ByAddress(ModelBackend):
    """Signs customers in by the address that they proved, stored only sealed."""

    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, address: str = "", password: str = "", **_others: Any
    ) -> User | None:
        if not address:
            return None
        user = User.objects.at(address)
        if user is None:
            for form in forms_of(password):
                make_password(form)  # the work that checking would have been
            return None
        return user if user.check_password(password) else None


def begin(request: HttpRequest, user: User, *, way: str, at_utc: datetime) -> None:
    """A new session of this user, under a new key. `way` says how: "password", "password, code", "passkey"."""
    request.session.flush()  # what was in it belonged to nobody, or to another sign-in
    login(request, user, backend=BACKEND)
    mark(request.session, way=way, staff=user.is_staff, at_utc=at_utc)


def wait(request: HttpRequest, user: User, *, at_utc: datetime) -> None:
    """The password was right; nothing opens before the second factor."""
    request.session.cycle_key()
    request.session[_HALF] = [user.pk, at_utc.timestamp()]


def waiting(request: HttpRequest, *, at_utc: datetime) -> User | None:
    """Who has still to show a second factor in this browser."""
    found = request.session.get(_HALF)
    if not found or at_utc.timestamp() - found[1] > HALF_LASTS.total_seconds():
        return None
    return User.objects.filter(pk=found[0], is_active=True).first()


def confirm_again(request: HttpRequest, *, at_utc: datetime) -> None:
    """Notes that it is still the owner who sits there."""
    request.session["fresh"] = at_utc.timestamp()


def is_fresh(request: HttpRequest, *, at_utc: datetime) -> bool:
    """Whether the owner has shown a factor within the last quarter of an hour."""
    return at_utc.timestamp() - float(request.session.get("fresh", 0)) <= FRESH.total_seconds()


def is_strong(request: HttpRequest) -> bool:
    """Whether two factors opened this session: a password and a code, or a passkey that asked for its owner."""
    return str(request.session.get("way", "")) in STRONG


PASSWORD, PASSWORD_CODE, PASSKEY = "password", "password, code", "passkey"
STRONG = frozenset({PASSWORD_CODE, PASSKEY})
