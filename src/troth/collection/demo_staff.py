"""The staff of a demonstration act in it: each signs in with the password, so that the database accepts what they do.

with working_staff(password):             while the demonstration is made
    with acting_as("yusuf"):              a room's demonstration, which knows no password
        events.add(…, who="staff:yusuf")  the database checks whose session it is
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.http import HttpRequest

from troth.collection.demo import at_time
from troth.gate import acting
from troth.security import entry
from troth.security.models import User
from troth.security.sessions import SessionStore


@dataclass(frozen=True)
class _Crew:
    password: str
    sessions: dict[str, SessionStore] = field(default_factory=dict)


_crew: ContextVar[_Crew | None] = ContextVar("the demonstration's staff and who of them is signed in", default=None)


@contextmanager
def working_staff(password: str) -> Iterator[None]:
    """Inside it, staff can act. Their sessions, one for each who does, end with it."""
    crew = _Crew(password)
    before = _crew.set(crew)
    try:
        yield
    finally:
        _crew.reset(before)
        for session in crew.sessions.values():
            session.flush()


@contextmanager
def acting_as(username: str) -> Iterator[None]:
    """Inside it, this member of staff acts.   Raises  LookupError: outside of `working_staff`"""
    crew = _crew.get()
    if crew is None:
        raise LookupError("The staff of a demonstration act while it is made.")
    if username not in crew.sessions:
        crew.sessions[username] = _sign_in(username, crew.password)
    with acting(crew.sessions[username].session_key):
        yield


def _sign_in(username: str, password: str) -> SessionStore:
    request, user, now = HttpRequest(), User.objects.get(username=username), datetime.now(UTC)
    request.session = SessionStore()
    with at_time(now):  # a session of a day long past would have ended by the next
        user.proof = entry.proven(user, password)
        entry.begin(request, user, way=entry.PASSWORD, at_utc=now)
        request.session.save()
    return request.session
