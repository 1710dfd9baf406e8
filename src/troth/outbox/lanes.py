"""Sending what is due in one lane, by connections of its own.

A lane has one job at a time, which sends all that is due and ends; while there is more, the next one goes on. So a lane
with 500,000 emails takes one place among the jobs, and a reset link leaves by the place of its own lane.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock

from django.conf import settings
from django.db import transaction

from troth import in_force
from troth.connected import ConnectedThreads
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
_IDLE = timedelta(minutes=1)
"""How long connections of a process that sends email last after a lane's last turn."""
TakeOver = Callable[[Sequence[int]], None]


class _LaneThreads:
    """The two threads of a lane that ask the database, with connections that last from turn to turn."""

    def __init__(self) -> None:
        self._threads = ConnectedThreads(2)
        self._busy = Lock()
        self._used_utc: datetime | None = None

    def __exit__(self, *error: object) -> None:
        self._threads.__exit__(*error)

    def run(self, lane: MailLane) -> None:
        """A turn; another one of the same lane waits for its end."""
        with self._busy:
            self._used_utc = datetime.now(UTC)
            try:
                self._threads.start(partial(copy_context().run, _run, lane, self._threads)).result()
            except BaseException:
                self._threads.disconnect()  # what failed may be a connection
                raise

    def disconnect_idle(self, *, at_utc: datetime) -> None:
        if self._used_utc is None or at_utc < self._used_utc + _IDLE or not self._busy.acquire(blocking=False):
            return
        try:
            self._used_utc = None
            self._threads.disconnect()
        finally:
            self._busy.release()


_lasting: dict[MailLane, _LaneThreads] = {}


@contextmanager
def lasting() -> Iterator[None]:
    """Inside it, one turn of a lane after another is by the same threads."""
    _lasting.update((lane, _LaneThreads()) for lane in MailLane)
    try:
        yield
    finally:
        while _lasting:
            _lasting.popitem()[1].__exit__()


def disconnect_idle(*, at_utc: datetime) -> None:
    """Closes the connections of lanes that had no turn for a minute."""
    for threads in _lasting.values():
        threads.disconnect_idle(at_utc=at_utc)


def run(lane: MailLane) -> None:
    """What is due is sent; a job goes on where a turn does not suffice."""
    delivery.refuse_inside_transaction()
    if _lasting:
        _lasting[lane].run(lane)
        return
    with ConnectedThreads(1) as second:
        _run(lane, second)


def _run(lane: MailLane, second: ConnectedThreads) -> None:
    """Takes  second: has a thread that is free."""
    ends = time.monotonic() + _A_TURN_SECONDS
    transaction.get_connection().close_if_unusable_or_obsolete()  # of the turn before, maybe
    with Lines() as lines, _Senders(lines, second) as senders:
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
    now, pause = datetime.now(UTC), pauses.find_everywhere(lane)
    if pause is not None and pause.until_utc > now:
        return None
    may = 1 if pause is not None else _EACH_CONNECTION * settings.TROTH_SMTP_CONNECTIONS
    return claims.claim_due(lane, most=min(most, may), at_utc=now)


def _end_pause(lane: MailLane, batch: Sequence[ClaimedEmail]) -> None:
    """Our mail server is there again if it took one of these."""
    if pauses.find_everywhere(lane) and any(claimed.email.state == QueuedEmail.State.SENT for claimed in batch):
        pauses.end(lane)


class _Senders:
    """What sends in one turn: connections to the mail server, a thread for each, and what emails have alike.

    Beside this thread a second one has a connection to the database, so that one works while the other's commit waits
    for the disk."""

    def __init__(self, lines: Lines, second: ConnectedThreads) -> None:
        self._lines, self._layouts, self._second = lines, Layouts(), second
        several = max(1, settings.TROTH_SMTP_CONNECTIONS)
        self.most = several + max(_LEAST_AHEAD, several // _AHEAD)
        self._threads = ThreadPoolExecutor(self.most)
        self._taking_over: list[Future[None]] = []

    def __enter__(self) -> "_Senders":
        return self

    def __exit__(self, *_error: object) -> None:
        self._threads.shutdown()
        for each in self._taking_over:
            each.result()

    def take_over(self, waiting: Sequence[int]) -> None:
        """Takes these turns over; several by the second connection, which opens while the first one claims."""
        if len(waiting) <= 1 or settings.TROTH_SMTP_CONNECTIONS <= 1:
            turns.take_over(waiting)
        else:
            self._taking_over.append(self._second.start(partial(_ask_apart, turns.take_over, waiting)))

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
        done.append(self._second.start(partial(copy_context().run, _ask_apart, round.serve)))
        try:
            round.serve()
        finally:
            wait(done)
            round.settle()
        for each in done:
            each.result()


def _ask_apart(ask: Callable[..., None], *given: object) -> None:
    """In the second thread that asks the database."""
    transaction.get_connection().close_if_unusable_or_obsolete()
    ask(*given)


def _send_apart(round: MailRound, lines: Lines) -> None:
    """In a thread of its own."""
    try:
        delivery.send_round(round, lines)
    finally:
        transaction.get_connection().close()
        round.leave()
