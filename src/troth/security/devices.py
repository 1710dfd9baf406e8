"""Known devices: the account's owner is notified of a sign-in from another one. Policy: #C7, #C9

The cookie has 24 random bytes that mean nothing to anyone else; the table has their hash for each user.
"""

import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse

from troth.seal import token_hash
from troth.security.models import User

COOKIE = "troth-device"
LASTING = timedelta(days=365)


class Device(models.Model):
    """A browser in which a user has signed in."""

    holds = "person"

    user = models.ForeignKey(User, models.CASCADE)
    digest = models.BinaryField()
    first_utc = models.DateTimeField()
    seen_utc = models.DateTimeField()

    class Meta:
        db_table = "device"
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "digest"], name="device_once")]


def is_known(user: User | None, request: HttpRequest, *, at_utc: datetime) -> bool:
    """Whether this user has signed in with this browser within a year. The same query runs if there is no user."""
    digest = token_hash(_cookie(request))
    number = user.pk if user else 0
    return Device.objects.filter(user_id=number, digest=digest, seen_utc__gt=at_utc - LASTING).exists()


def is_news(user: User, request: HttpRequest, *, at_utc: datetime) -> bool:
    """Whether to notify the owner: for a device other than those before, but not for the first one."""
    return not is_known(user, request, at_utc=at_utc) and Device.objects.filter(user=user).exists()


def remember(user: User, request: HttpRequest, response: HttpResponse, *, at_utc: datetime) -> None:
    """Remembers the browser for a year."""
    token = _cookie(request) or secrets.token_urlsafe(24)
    Device.objects.update_or_create(
        user=user, digest=token_hash(token), defaults={"seen_utc": at_utc}, create_defaults=_new(at_utc)
    )
    response.set_cookie(
        name(),
        token,
        max_age=int(LASTING.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(user: User) -> None:
    """Forgets all devices of the user."""
    Device.objects.filter(user=user).delete()


def name() -> str:
    """The cookie's name, with the prefix that protects it over https."""
    return f"__Host-{COOKIE}" if settings.SESSION_COOKIE_SECURE else COOKIE


def _cookie(request: HttpRequest) -> str:
    found = request.COOKIES.get(name(), "")
    return found if 20 <= len(found) <= 64 else ""


def _new(at_utc: datetime) -> dict[str, datetime]:
    return {"first_utc": at_utc, "seen_utc": at_utc}
