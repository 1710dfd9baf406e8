"""Sending what is due in one lane, by connections of its own.

A lane has one job at a time, which sends all that is due and ends; while there is more, the next one goes on. So a lane
with 500,000 emails takes one place among the jobs, and a reset link leaves by the place of its own lane.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from datetime import UTC, datetime

from django.conf import settings
from django.db import connections  # noqa: TID251  threads of our own close theirs, and ask nothing by them

from troth import in_force
from troth.outbox import batches, claims, delivery, pauses, turns
from troth.outbox.claims import ClaimedEmail
from troth.outbox.emails import MailLane
from troth.outbox.layouts import Layouts
from troth.outbox.models import QueuedEmail
from troth.outbox.rounds import ClaimMore, MailRound, count_enough
from troth.outbox.transport import Lines

_A_TURN_SECONDS = 20
_EACH_CONNECTION, _AT_ONCE = 50, 200
"""Emails claimed for each connection, and for all of them: few enough that all begin while the claim is young."""
_AHEAD, _LEAST_AHEAD = 4, 4
"""For so many connections there is one thread more, and at least so many more.

They have their emails begun, written and signed while the connections are busy. What a death may leave unknown is one
email for each thread."""
TakeOver = Callable[[Sequence[int]], None]


def run(lane: MailLane) -> None:
    """What is due is sent; a job goes on where a turn does not suffice."""
    delivery.refuse_inside_transaction()
    ends = time.monotonic() + _A_TURN_SECONDS
    with Lines() as lines, _Senders(lines) as senders:
        while _send_next(lane, senders, ends):
            if time.monotonic() > ends:
                turns.wake(lane)
                return
    batches.end_finished()


def _send_next(lane: MailLane, senders: "_Senders", ends: float) -> bool:
    """Whether there was something to send; the law is loaded once for it, and a new one ends it."""
    with in_force.one_law():
        batch = _claim(lane, most=count_enough(senders.most), take_over=senders.take_over)
        if batch is None:
            return False
        following = _Following(lane, batch, ends)
        senders.send(batch, following)
        _end_pause(lane, batch)
        following.guard()
        return True


class _Following:
    """Claims what follows a batch, as long as its law is in force and its turn lasts."""

    def __init__(self, lane: MailLane, batch: Sequence[ClaimedEmail], ends: float) -> None:
        self._lane, self._ends, self._version = lane, ends, in_force.policy().version
        self._going = [claimed.email for claimed in batch]

    def __call__(self) -> Sequence[ClaimedEmail] | None:
        self.guard()
        with in_force.one_law():  # looked up again
            if time.monotonic() > self._ends or in_force.policy().version != self._version:
                return None
            batch = None if pauses.find_everywhere(self._lane) else self._claim()
        self._going += [claimed.email for claimed in batch or ()]
        return batch

    def _claim(self) -> Sequence[ClaimedEmail] | None:
        return _claim(self._lane, most=_AT_ONCE, take_over=turns.take_over)

    def guard(self) -> None:
        """Stops sendings of which too many emails failed since it was last asked."""
        failed, self._going = (
            [email for email in self._going if email.state == QueuedEmail.State.FAILED],
            [email for email in self._going if email.state == QueuedEmail.State.CLAIMED],
        )
        batches.guard(email.batch for email in failed)


def _claim(lane: MailLane, *, most: int, take_over: TakeOver) -> list[ClaimedEmail] | None:
    """The next emails; one alone where our mail server refused us the last time; None if none is due or may leave.

    Takes   most: few to begin with, so that these leave while the following ones are claimed
            take_over: takes the turns over that waited before the claim."""
    take_over(turns.list_waiting(lane))
    if pauses.is_paused(lane, at_utc=datetime.now(UTC)):
        return None
    may = 1 if pauses.find_everywhere(lane) else _EACH_CONNECTION * settings.TROTH_SMTP_CONNECTIONS
    return claims.claim_due(lane, most=min(most, may), at_utc=datetime.now(UTC))


def _end_pause(lane: MailLane, batch: Sequence[ClaimedEmail]) -> None:
    """Our mail server is there again if it took one of these."""
    if pauses.find_everywhere(lane) and any(claimed.email.state == QueuedEmail.State.SENT for claimed in batch):
        pauses.end(lane)


class _Senders:
    """What sends in one turn: connections to the mail server, a thread for each, and what emails have alike.

    Beside this thread a second one has a connection to the database, so that one works while the other's commit waits
    for the disk."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._layouts = lines, Layouts()
        several = max(1, settings.TROTH_SMTP_CONNECTIONS)
        self.most = several + max(_LEAST_AHEAD, several // _AHEAD)
        self._threads = ThreadPoolExecutor(self.most)
        self._second = ThreadPoolExecutor(1)
        self._taking_over: list[Future[None]] = []

    def __enter__(self) -> "_Senders":
        return self

    def __exit__(self, *_error: object) -> None:
        self._second.submit(connections.close_all).result()
        self._second.shutdown()
        self._threads.shutdown()
        for each in self._taking_over:
            each.result()

    def take_over(self, waiting: Sequence[int]) -> None:
        """Takes these turns over; several by the second connection, which opens while the first one claims."""
        if len(waiting) <= 1 or settings.TROTH_SMTP_CONNECTIONS <= 1:
            turns.take_over(waiting)
        else:
            self._taking_over.append(self._second.submit(turns.take_over, waiting))

    def send(self, batch: Sequence[ClaimedEmail], more: ClaimMore) -> None:
        """These, and what `more` claims meanwhile, unless these are so few that one connection does."""
        several = min(self.most, len(batch) // 2)
        if several <= 1 or settings.TROTH_SMTP_CONNECTIONS <= 1:
            delivery.send_each(batch, self._lines, self._layouts)
            return
        in_force.policy()  # loaded once, for the threads too
        self._send(MailRound(batch, self._layouts), several, more)

    def _send(self, round: MailRound, several: int, more: ClaimMore) -> None:
        round.open_to_threads(several, more, busy=min(several - 1, settings.TROTH_SMTP_CONNECTIONS))
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
