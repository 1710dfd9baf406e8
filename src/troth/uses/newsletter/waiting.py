"""Issues and notices on the console's first page: those that wait for someone, and what its reader is writing."""

from collections.abc import Mapping

from django.db.models import Q
from django.http import HttpRequest

from troth.desk.staff import user_of
from troth.queries import PreparedQuery, Slot
from troth.uses.newsletter.issues import COMPLAINTS, LATE, REFUSALS, State
from troth.uses.newsletter.mailings import list_mailings
from troth.uses.newsletter.models import Issue

_REVIEW = Q(state=State.REVIEW) & ~Q(asked_by=Slot("who")) & ~Q(saved_by=Slot("who"))
_STOPPED = Q(state=State.STOPPED, why__in=(LATE, REFUSALS, COMPLAINTS))
_OWN = Q(state__in=(State.DRAFT, State.SCHEDULED), saved_by=Slot("who"))
_FOUND = PreparedQuery(
    lambda: (
        Issue.objects.filter(_REVIEW | _STOPPED | _OWN, purpose__any=Slot("purposes"))
        .order_by("saved_utc")
        .values_list("pk", "subject", "state", "saved_utc", "scheduled_utc")
    )
)
SHOWN = 5
"""Of one's own."""


def tell_work(request: HttpRequest) -> Mapping[str, object] | None:
    """Notices that a colleague asked a second person to publish, issues that stopped by themselves, and one's own.

    Cost  a query for those who may write some, none for others"""
    user = user_of(request)
    mine = [each.purpose for each in list_mailings(user)]
    if not mine:
        return None
    found = _FOUND.list(who=user.who, purposes=mine)
    own = [row for row in found if row[2] in (State.DRAFT, State.SCHEDULED)]
    waiting = [row for row in found if row not in own]
    latest = list(reversed(own))[:SHOWN]
    return {"issues": waiting, "own": latest, "own_count": len(own)} if found else None
