"""Sending what is due in one lane, by connections of its own.

A lane has one job at a time, which sends all that is due and ends; while there is more, the next one goes on. So a lane
with 500,000 emails takes one place among the jobs, and a reset link leaves by the place of its own lane.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.db import connections  # noqa: TID251  threads of our own close theirs, and ask nothing by them

from troth import queue
from troth.outbox import batches, claims, delivery, emails, pauses
from troth.outbox.claims import ClaimedEmail
from troth.outbox.emails import MailLane
from troth.outbox.models import QueuedEmail
from troth.outbox.transport import Lines

_A_TURN_SECONDS = 20
_EACH_CONNECTION = 10
"""Emails claimed for each connection: few enough that all begin while the claim is young."""


def wake(lane: str) -> None:
    """A job for what is due in the lane, in the caller's transaction."""
    queue.defer("outbox.run", lock=emails.lock_of(lane), lane=lane)


def run_of(email_id: UUID) -> None:
    """This email sent, and then what else is due in its lane."""
    if email := QueuedEmail.objects.filter(pk=email_id).only("lane").first():
        run(MailLane(email.lane), first=email_id)


def run(lane: MailLane, *, first: UUID | None = None) -> None:
    """What is due is sent, this email first; a job goes on where a turn does not suffice."""
    delivery.refuse_inside_transaction()
    ends = time.monotonic() + _A_TURN_SECONDS
    with Lines() as lines:
        if first is not None and not _is_paused(lane):
            claimed = claims.claim([first])
            _send_all(claimed, lines)
            _end_pause(lane, claimed)
        while (batch := _claim(lane)) is not None:
            _send_all(batch, lines)
            _end_pause(lane, batch)
            batches.guard(each.email.batch for each in batch if each.email.state == QueuedEmail.State.FAILED)
            if time.monotonic() > ends:
                wake(lane)
                return
    batches.end_finished()


def _claim(lane: MailLane) -> list[ClaimedEmail] | None:
    """The next emails; one alone where our mail server refused us the last time; None if none is due or may leave."""
    if _is_paused(lane):
        return None
    most = 1 if pauses.find_everywhere(lane) else _EACH_CONNECTION * settings.TROTH_SMTP_CONNECTIONS
    return claims.claim_due(lane, most=most, at_utc=datetime.now(UTC))


def _end_pause(lane: MailLane, batch: Sequence[ClaimedEmail]) -> None:
    """Our mail server is there again if it took one of these."""
    if pauses.find_everywhere(lane) and any(claimed.email.state == QueuedEmail.State.SENT for claimed in batch):
        pauses.end(lane)


def _is_paused(lane: str) -> bool:
    return pauses.is_paused(lane, at_utc=datetime.now(UTC))


def _send_all(batch: Sequence[ClaimedEmail], lines: Lines) -> None:
    several = min(settings.TROTH_SMTP_CONNECTIONS, len(batch) // 2)
    if several <= 1:
        delivery.send_each(batch, lines)
        return
    with ThreadPoolExecutor(several) as threads:
        shares = [batch[start::several] for start in range(several)]
        list(threads.map(lambda share: _send_apart(share, lines), shares))


def _send_apart(share: Sequence[ClaimedEmail], lines: Lines) -> None:
    """In a thread of its own."""
    try:
        delivery.send_each(share, lines)
    finally:
        connections.close_all()
