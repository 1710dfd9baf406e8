from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import due, queue
from troth.outbox import claims, delivery, lanes, pauses, turns
from troth.outbox.actions import TRY
from troth.outbox.emails import MailLane
from troth.outbox.models import LanePause

queue.retire("outbox.deliver")


@queue.task(turns.TASK, _("Send emails"), queue="emails")
def run(lane: str) -> None:
    """Deliver what is due in a lane. A mail server that is away is no failure: the emails wait."""
    lanes.run(MailLane(lane))


@due.task(TRY, _("Send an email that waited"))
def try_again(email: UUID, step: str, at_utc: datetime) -> None:
    delivery.try_again(email)


@due.task(pauses.RESUME, _("Ask the mail server again"))
def resume(pause: UUID, step: str, at_utc: datetime) -> None:
    if found := LanePause.objects.filter(pk=pause).first():
        turns.wake(found.lane)


@queue.task("outbox.sweep", _("Retry emails whose delivery was interrupted"), queue="emails", every="* * * * *")
def sweep(timestamp: int) -> None:
    """Settle what a killed process left claimed, wake each lane in which something is due, close idle connections."""
    now = datetime.now(UTC)
    lanes.disconnect_idle(at_utc=now)
    claims.settle(at_utc=now)
    pauses.forget(at_utc=now)
    for lane in MailLane:
        if claims.list_due(lane, at_utc=now).exists():
            turns.wake(lane)


@queue.task("outbox.tidy", _("Delete old records of sent emails"), queue="emails", every="40 4 * * *", ends=True)
def tidy(timestamp: int) -> None:
    """Delete rows of emails that ended long ago."""
    while claims.tidy(at_utc=datetime.now(UTC)):
        continue


@queue.task("outbox.watch", _("Reach our mail server"), every="* * * * *")
def watch(timestamp: int) -> None:
    """An alarm while our mail server refuses us: emails wait, and staff can set right why."""
    pauses.raise_if_paused()
