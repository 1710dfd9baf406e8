"""The demonstration's update: the newest version is being told, its questions are open, and some people answered."""

from datetime import datetime

from troth.updates import answering, sending
from troth.updates.models import PolicyUpdate, UpdateReader

OF_THREE = (True, False)
"""Of each three who are asked, one says yes, one no, and the last is silent."""
_STILL_ASKED = 3
"""The newest version asks nobody by itself; the two before it do."""


def seed(now_utc: datetime) -> None:
    """The emails are left to the worker; nothing for a site of one version."""
    update = sending.begin(at_utc=now_utc)
    if update is None:
        return
    # As where a version superseded others that were still being asked: each person is asked about the sum of them.
    before = max(1, update.version - _STILL_ASKED)
    PolicyUpdate.objects.filter(pk=update.pk).update(since=before, asks_since=before)
    update.refresh_from_db()
    sending.note_readers(update, now_utc)
    asked = UpdateReader.objects.filter(update=update).exclude(asks=[]).order_by("person_id")
    found = list(asked.values_list("person_id", "asks"))
    for at, yes in enumerate(OF_THREE):
        for person, asks in found[at::3]:
            answering.answer((person,), asks, yes=yes)
