"""What the notice of a new version adds for who is signed in: whether a question waits, and a button to hide it."""

from collections.abc import Mapping

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone

from troth import gate, in_force
from troth.queries import PreparedQuery, Slot
from troth.records.models import AccountPerson
from troth.security.models import User
from troth.updates.models import UpdateReader

_ASKED = PreparedQuery(
    lambda: (
        UpdateReader.objects.filter(
            update__version=Slot("version"),
            person__in=AccountPerson.objects.filter(user=Slot("user")).values("person_id"),
        )
        .exclude(asks=[])
        .values_list("person_id")
    )
)


def find(request: HttpRequest) -> Mapping[str, object] | None:
    """None for visitors: without a cookie nothing can be remembered.   Cost  1 query; more where a question waits."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.person_id is None:
        return None
    try:
        return {"waits": _waits(user), "back": request.path}
    except (DatabaseError, gate.InsideTransaction):
        return None


def _waits(user: User) -> bool:
    found = [person for (person,) in _ASKED.list(version=in_force.policy().version, user=user.pk)]
    return bool(found and gate.find_open(found, at_utc=timezone.now()))
