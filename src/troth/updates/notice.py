"""What the notice of a new version adds for who is signed in: whether a question waits, and a button to hide it."""

from collections.abc import Mapping

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DatabaseError
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils import timezone

from troth import gate, in_force
from troth.policy.selling import find_selling
from troth.queries import PreparedQuery, Slot
from troth.records.models import AccountPerson
from troth.security import sessions
from troth.security.models import User
from troth.signals import signals_of
from troth.updates import answering
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


ASKED = "asked_by"


def read_asked() -> Subquery:
    """The versions that ask one of the people of a session's user."""
    people = AccountPerson.objects.filter(user=OuterRef(OuterRef("user_id"))).values("person_id")
    return ArraySubquery(UpdateReader.objects.filter(person__in=people).exclude(asks=[]).values("update__version"))


def find(request: HttpRequest) -> Mapping[str, object] | None:
    """None for visitors: without a cookie nothing can be remembered.   Cost  none; more where the version asks."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.person_id is None:
        return None
    try:
        return {"waits": _waits(user, gpc=signals_of(request).gpc), "back": request.path}
    except (DatabaseError, gate.InsideTransaction):
        return None


def _waits(user: User, *, gpc: bool) -> bool:
    """Takes   gpc: their browser asks now not to sell or share: of what does, no question waits."""
    version = in_force.coming().current
    if version not in sessions.find_beside(user, ASKED, otherwise=lambda: [version]):
        return False
    found = [person for (person,) in _ASKED.list(version=version, user=user.pk)]
    ahead = any(each.answer is None for each in answering.list_early(found))
    silent = find_selling(in_force.policy()) if gpc else ()
    asked = gate.find_open(found, at_utc=timezone.now()) if found and not ahead else ()
    return ahead or any(each.purpose.id not in silent and not each.rests_until_utc for each in asked)
