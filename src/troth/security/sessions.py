"""Sessions, stored by the hash of the cookie's value, each with its owner, without network address or browser.

    customers  end after 14 days without a visit, or 30 days after sign-in
    staff      end after 30 minutes without a click, or 8 hours after sign-in

Nobody who reads the table can take over a session. The store is Django's, with another key and expiry.
"""

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import models
from django.utils import timezone

from troth.queries import PreparedQuery, Slot
from troth.security.models import User

CUSTOMER, STAFF = (timedelta(days=14), timedelta(days=30)), (timedelta(minutes=30), timedelta(hours=8))
"""How long without a visit, how long at all."""

_SEEN_EVERY = timedelta(minutes=1)


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


_LIVING = PreparedQuery(lambda: Session.objects.filter(session_key=Slot("key"), expire_date__gt=Slot("now")))


class SessionStore(DatabaseStore):
    """What SESSION_ENGINE names."""

    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def _get_session_from_db(self) -> Any:
        now = timezone.now()
        found = _LIVING.first(key=_hash(self.session_key), now=now)
        if found is None:
            self._session_key = None
        elif now - found.seen_utc > _SEEN_EVERY:
            ends = _ends(self.decode(found.session_data), now) or found.expire_date
            Session.objects.filter(pk=found.pk).update(seen_utc=now, expire_date=ends)
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
