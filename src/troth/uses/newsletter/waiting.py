"""Issues and notices that wait for someone, as the console's first page says it to those who may write them."""

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
_WAITING = PreparedQuery(
    lambda: (
        Issue.objects.filter(_REVIEW | _STOPPED, purpose__any=Slot("purposes"))
        .order_by("saved_utc")
        .values_list("pk", "subject", "state")
    )
)


def tell_work(request: HttpRequest) -> Mapping[str, object] | None:
    """Notices that a colleague asked a second person to publish, and issues that stopped by themselves.

    Cost  a query for those who may write some, none for others"""
    user = user_of(request)
    mine = [each.purpose for each in list_mailings(user)]
    if not mine:
        return None
    issues = _WAITING.list(who=user.who, purposes=mine)
    return {"issues": issues} if issues else None
