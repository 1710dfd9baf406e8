"""Acting as a member of staff in a test that has no browser: a seat behind a session, and its token at hand."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from tests.visits import staff

from troth import gate


def seat(token: str, user: int) -> None:
    """The session of this token was opened by the user with the password."""
    from troth.security.models import OWNER, StaffSeat

    until = datetime.now(UTC) + timedelta(hours=8)
    StaffSeat.objects.using(OWNER).update_or_create(
        session_key=_key(token), defaults={"user_id": user, "until_utc": until}
    )


def token_of(username: str, *, role: str = "privacy", name: str = "") -> str:
    """The token of a living session of this member of staff, made where there is none."""
    from troth.security.sessions import Session

    user, token, now = (
        staff(username, role=role, name=name or username.title()),
        secrets.token_hex(16),
        datetime.now(UTC),
    )
    seat(token, user.pk)
    Session.objects.create(
        session_key=_key(token), session_data="", expire_date=now + timedelta(minutes=30), user=user, seen_utc=now
    )
    return token


@contextmanager
def acting_as(username: str, *, role: str = "privacy", name: str = "") -> Iterator[None]:
    with gate.acting(token_of(username, role=role, name=name)):
        yield


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
