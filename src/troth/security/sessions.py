"""Sessions, stored by the hash of the cookie's value, each with its owner, without network address or browser.

    customers  end after 14 days without a visit, or 30 days after sign-in
    staff      end after 30 minutes without a click, or 8 hours after sign-in

Nobody who reads the table can take over a session. The store is Django's, with another key and expiry.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import models
from django.db.models import Subquery
from django.utils import timezone

from troth.queries import PreparedQuery, Slot
from troth.security.models import User

CUSTOMER, STAFF = (timedelta(days=14), timedelta(days=30)), (timedelta(minutes=30), timedelta(hours=8))
"""How long without a visit, how long at all."""

Found = TypeVar("Found")

_SEEN_EVERY = timedelta(minutes=1)
_BESIDE = "_beside"


class Session(models.Model):
    """One signed-in browser, or one that is about to sign in."""

    holds = "person"

    session_key = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of what the cookie holds.")
    session_data = models.TextField(help_text="Ids and times, signed.")
    expire_date = models.DateTimeField(db_index=True)
    user = models.ForeignKey(User, models.CASCADE, null=True)
    number = models.UUIDField(null=True, help_text="By which its owner ends it.")
    way = models.TextField(default="")
    started_utc = models.DateTimeField(null=True)
    seen_utc = models.DateTimeField()

    class Meta:
        db_table = "session"


_read: ContextVar[dict[int, User] | None] = ContextVar("users whom this request's session was read with", default=None)
_beside: dict[str, Callable[[], Subquery]] = {}


def know(beside: Mapping[str, Callable[[], Subquery]]) -> None:
    """What rooms ask about who is signed in, at most pages: it is read with the session, by its `user_id`."""
    _beside.clear()
    _beside.update(beside)
    _living.cache_clear()


@cache
def _living() -> PreparedQuery[Session]:
    beside = {name: make() for name, make in _beside.items()}
    found = Session.objects.filter(session_key=Slot("key"), expire_date__gt=Slot("now"))
    return PreparedQuery(lambda: found.select_related("user").annotate(**beside))


@contextmanager
def one_request() -> Iterator[None]:
    """Inside it, who is signed in is known as soon as the session was read."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def find_user(id: int) -> User | None:
    """The user whom this request's session was read with, if it is this one."""
    return (_read.get() or {}).get(id)


def find_beside(user: User, name: str, *, otherwise: Callable[[], Found]) -> Found:
    """What was read with the user's session under this name; for a user who was found otherwise, read once."""
    known: dict[str, Found] = vars(user).setdefault(_BESIDE, {})
    if name not in known:
        known[name] = otherwise()
    return known[name]


class SessionStore(DatabaseStore):
    """What SESSION_ENGINE names."""

    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def _get_session_from_db(self) -> Any:
        now = timezone.now()
        found = _living().first(key=_hash(self.session_key), now=now)
        if found is None:
            self._session_key = None
        elif now - found.seen_utc > _SEEN_EVERY:
            ends = _ends(self.decode(found.session_data), now) or found.expire_date
            Session.objects.filter(pk=found.pk).update(seen_utc=now, expire_date=ends)
        if found is not None:
            _remember(found)
        return found

    def exists(self, session_key: str | None = None) -> bool:
        return Session.objects.filter(session_key=_hash(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        now, user = timezone.now(), data.get("_auth_user_id")
        return Session(
            session_key=_hash(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=_ends(data, now) or self.get_expiry_date(),
            user_id=int(user) if user else None,
            number=data.get("number"),
            way=data.get("way", ""),
            started_utc=datetime.fromisoformat(data["started"]) if "started" in data else None,
            seen_utc=now,
        )

    def delete(self, session_key: str | None = None) -> None:
        Session.objects.filter(session_key=_hash(session_key or self.session_key)).delete()


def _remember(session: Session) -> None:
    users = _read.get()
    if users is not None and session.user is not None:
        vars(session.user)[_BESIDE] = {name: getattr(session, name) for name in _beside}
        users[session.user.pk] = session.user


def mark(session: SessionBase, *, way: str, staff: bool, at_utc: datetime) -> None:
    """Records how and when the session began, and when it ends."""
    idle, lasting = STAFF if staff else CUSTOMER
    session.set_expiry(at_utc + lasting)
    session.update(
        {
            "number": str(uuid.uuid4()),
            "way": way,
            "started": at_utc.isoformat(),
            "until": (at_utc + lasting).isoformat(),
            "idle": idle.total_seconds(),
            "fresh": at_utc.timestamp(),
        }
    )


def of(user: User) -> list[Session]:
    """The user's active sessions, most recently used first."""
    return list(Session.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-seen_utc"))


def end(user: User, *, number: str = "", but: str = "", using: str | None = None) -> int:
    """Ends the user's session `number`, or all but the named one; returns how many."""
    found = Session.objects.using(using).filter(user=user)
    found = found.filter(number=number) if number else found.exclude(number=but or uuid.UUID(int=0))
    return found.delete()[0]


def _ends(data: dict[str, Any], now: datetime) -> datetime | None:
    if "until" not in data:
        return None
    return min(datetime.fromisoformat(data["until"]), now + timedelta(seconds=float(data["idle"])))


def _hash(key: str | None) -> str:
    return hashlib.sha256((key or "").encode()).hexdigest()
