"""Sending what is due in one lane, by connections of its own.

A lane has one job at a time, which sends all that is due and ends; while there is more, the next one goes on. So a lane
with 500,000 emails takes one place among the jobs, and a reset link leaves by the place of its own lane.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.db import connections  # noqa: TID251  threads of our own close theirs, and ask nothing by them

from troth import in_force, queue
from troth.outbox import batches, claims, delivery, emails, pauses
from troth.outbox.claims import ClaimedEmail
from troth.outbox.emails import MailLane
from troth.outbox.layouts import Layouts
from troth.outbox.models import QueuedEmail
from troth.outbox.rounds import MailRound
from troth.outbox.transport import Lines

_A_TURN_SECONDS = 20
_EACH_CONNECTION = 25
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
    with Lines() as lines, _Senders(lines) as senders:
        if first is not None and not _is_paused(lane):
            _send_batch(lane, claims.claim([first]), senders)
        while _send_next(lane, senders):
            if time.monotonic() > ends:
                wake(lane)
                return
    batches.end_finished()


def _send_next(lane: MailLane, senders: "_Senders") -> bool:
    """Whether there was something to send; the law is loaded once for it."""
    with in_force.one_law():
        batch = _claim(lane)
        if batch is None:
            return False
        _send_batch(lane, batch, senders)
        batches.guard(each.email.batch for each in batch if each.email.state == QueuedEmail.State.FAILED)
        return True


def _send_batch(lane: MailLane, batch: Sequence[ClaimedEmail], senders: "_Senders") -> None:
    senders.send(batch)
    _end_pause(lane, batch)


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


class _Senders:
    """What sends in one turn: connections to the mail server, a thread for each, and what emails have alike.

    Beside this thread a second one has a connection to the database, so that one works while the other's commit waits
    for the disk."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._layouts = lines, Layouts()
        self._threads = ThreadPoolExecutor(max(1, settings.TROTH_SMTP_CONNECTIONS))
        self._second = ThreadPoolExecutor(1)

    def __enter__(self) -> "_Senders":
        return self

    def __exit__(self, *_error: object) -> None:
        self._second.submit(connections.close_all).result()
        self._second.shutdown()
        self._threads.shutdown()

    def send(self, batch: Sequence[ClaimedEmail]) -> None:
        several = min(settings.TROTH_SMTP_CONNECTIONS, len(batch) // 2)
        if several <= 1:
            delivery.send_each(batch, self._lines, self._layouts)
            return
        in_force.policy()  # loaded once, for the threads too
        self._send(MailRound(batch, self._layouts), several)

    def _send(self, round: MailRound, several: int) -> None:
        round.open_to_threads(several)
        done = [self._threads.submit(copy_context().run, _send_apart, round, self._lines) for _each in range(several)]
        done.append(self._second.submit(copy_context().run, round.serve))
        try:
            round.serve()
        finally:
            wait(done)
            round.settle()
        for each in done:
            each.result()


def _send_apart(round: MailRound, lines: Lines) -> None:
    """In a thread of its own."""
    try:
        delivery.send_round(round, lines)
    finally:
        connections.close_all()
        round.leave()
