from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.drp import actions, callbacks


@queue.task("cases.changed", _("Find agents waiting for a status update"))
def call_agents(case: str, state: str) -> None:
    """Queues one job for each agent that wants status updates: one that fails delays no other."""
    with transaction.atomic():
        for request in callbacks.list_requests_to_call(UUID(case)):
            queue.defer("drp.tell", request=str(request))


@queue.task("drp.tell", _("Send a status update to an agent"))
def tell(request: str) -> None:
    """Posts the Status as it is when it is sent."""
    callbacks.tell(UUID(request), at_utc=datetime.now(UTC))


@queue.task("drp.tidy", _("Delete agents' expired requests"), every="50 * * * *", ends=True)
def tidy(timestamp: int) -> None:
    """Deletes what has expired."""
    actions.tidy(at_utc=datetime.now(UTC))
