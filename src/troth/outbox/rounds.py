"""Emails of one lane that leave by several connections.

Few threads have the database: they claim emails as the round goes on, note what was handed over, begin what is next and
read its values, for all connections that ask at this moment by one statement. The others write, sign and hand over.

round = MailRound(claimed)
round.take()            the next emails, begun and read; none once there is none
round.note_sent(email)  the mail server has it
round.serve()           answers threads that hand over, until the last one left
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Lock

from troth import gate, queue
from troth.outbox import pauses, writing
from troth.outbox.claims import ClaimedEmail, give_back
from troth.outbox.layouts import Layouts
from troth.outbox.models import QueuedEmail

State = QueuedEmail.State
_BEGINS_WITHIN = timedelta(minutes=2)
_BEGUN_AT_ONCE = 32
"""Emails that may have begun at a time in a round of few threads: a death leaves as many unknown."""
_ENOUGH = 64
"""About as many leave while the next ones are claimed."""
ClaimMore = Callable[[], Sequence[ClaimedEmail] | None]
"""Claims what follows; None if nothing is due, or the round ends here."""


@dataclass(frozen=True)
class BegunEmail:
    """An email that is about to leave. `given`: what its grant gives; None for one that reads nothing."""

    email: QueuedEmail
    prepared: writing.Prepared
    given: gate.Given | None = None
    refused: gate.GrantRefused | None = None


@dataclass(frozen=True)
class _Waiting:
    """A claimed email, and what it shares with those that were claimed with it."""

    claimed: ClaimedEmail
    prepared: writing.Prepared

    @property
    def email(self) -> QueuedEmail:
        return self.claimed.email


_Asking = SimpleQueue[Sequence[BegunEmail]]
"""Where a thread that asks waits for what is next."""


def count_enough(threads: int) -> int:
    """How many emails keep so many threads busy while more are claimed: with more left, none are."""
    return max(_ENOUGH, 2 * threads)


class MailRound:
    """Emails of one lane in the order in which they leave."""

    def __init__(self, batch: Sequence[ClaimedEmail], layouts: Layouts | None = None) -> None:
        self.layouts = layouts or Layouts()
        self._left: deque[_Waiting] = deque()
        self._sent: deque[QueuedEmail] = deque()
        self._asking: SimpleQueue[_Asking | None] = SimpleQueue()
        self._threads, self._busy, self._share, self._shared, self._lock = 0, 0, 1, False, Lock()
        self._listening = Lock()
        self._more: ClaimMore | None = None
        self._claiming = Lock()
        self.stopped = False
        self._lanes: set[str] = set()
        self._add(batch)
        self.look_for_pauses()

    def look_for_pauses(self) -> None:
        """Which domains are left alone by now."""
        now = datetime.now(UTC)
        self._paused = {lane: pauses.list_domains(lane, at_utc=now) for lane in self._lanes}

    def find_pause(self, email: QueuedEmail) -> datetime | None:
        """Until when nothing is sent to the email's domain."""
        return self._paused[email.lane].get(email.domain)

    def take(self) -> Sequence[BegunEmail]:
        """The next emails, about to leave: from here on a death makes them unknown. Nothing if none is left.

        Several for each thread if there are few, so that the database is asked about many at once."""
        if not self._shared:
            return self._begin(1)
        answer: _Asking = SimpleQueue()
        self._asking.put(answer)
        return answer.get()

    def is_young(self, begun: BegunEmail) -> bool:
        """Whether the email's claim lasts long enough to hand it over."""
        return not _is_old(begun.email, queue.now() - _BEGINS_WITHIN)

    def note_sent(self, email: QueuedEmail) -> None:
        """The mail server has it: written down with the next statement."""
        email.state, email.why, email.fault, email.domain = State.SENT, "", "", ""
        email.sent_utc = queue.now()
        self._sent.append(email)

    def stop(self) -> None:
        """No further one leaves: the mail server said something of every email."""
        self.stopped = True

    def open_to_threads(self, count: int, more: ClaimMore, *, busy: int) -> None:
        """From now on so many threads ask others for what is next, until no more is claimed.

        Takes   busy: as many as keep all connections busy. While they have emails, the others wait for each other, so
                that a statement is of as many emails as it can be."""
        self._threads, self._busy, self._shared, self._more = count, busy, True, more
        self._share = max(1, _BEGUN_AT_ONCE // count)

    def leave(self) -> None:
        """A thread asks no more."""
        self._asking.put(None)

    def serve(self) -> None:
        """Answers threads that ask, all at once who ask by then, until the last one left."""
        failure: Exception | None = None
        while (answers := self._list_asking()) is not None:
            begun: list[BegunEmail] = []
            try:
                begun = self._begin(len(answers) * self._share) if failure is None else []
            except Exception as error:
                failure = error
            for at, answer in enumerate(answers):
                answer.put(begun[at :: len(answers)])
            try:
                self._claim_ahead()
            except Exception as error:
                failure = error
        if failure is not None:
            raise failure

    def settle(self) -> None:
        """Writes down what is left to note, and gives back what did not begin."""
        if self._sent:
            self._write([])
        give_back([waiting.email for waiting in self._left])
        self._left.clear()

    def _add(self, batch: Sequence[ClaimedEmail]) -> None:
        prepared = writing.prepare([claimed.email for claimed in batch])
        self._lanes |= {claimed.email.lane for claimed in batch}
        with self._lock:
            self._left.extend(_Waiting(claimed, prepared) for claimed in batch)

    def _claim_ahead(self) -> None:
        """While few are left, one of the threads that have the database claims, and the other one answers."""
        enough = count_enough(self._threads)
        if self._more is None or len(self._left) > enough or not self._claiming.acquire(blocking=False):
            return
        try:
            self._claim_more()
        finally:
            self._claiming.release()

    def _has_more(self) -> bool:
        """Whether there is an email left, claimed now if need be."""
        if self._left:
            return True  # without waiting for the other thread, which may be claiming what follows
        with self._claiming:
            return bool(self._left) or self._claim_more()

    def _claim_more(self) -> bool:
        while self._more is not None and not self.stopped:
            try:
                following = self._more()
            except Exception:
                self._more = None
                raise
            if following is None:
                self._more = None
            elif following:
                self._add(following)
                return True
        return False

    def _list_asking(self) -> list["_Asking"] | None:
        """Who asks, once only as many don't as keep the connections busy; None once the last thread left."""
        asking: list[_Asking] = []
        with self._listening:
            while self._threads > 0:
                try:
                    found = self._asking.get(block=len(asking) < max(1, self._threads - self._busy))
                except Empty:
                    return asking
                if found is not None:
                    asking.append(found)
                else:
                    self._count_out()
            if not asking:
                self._asking.put(None)  # a second thread that answers waits for it
        return asking or None

    def _count_out(self) -> None:
        with self._lock:
            self._threads -= 1

    def _begin(self, count: int) -> list[BegunEmail]:
        begun: list[BegunEmail] = []
        while len(begun) < count and not self.stopped and self._has_more():
            begun += self._write(self._refuse_old(self._pop(count - len(begun))))
        if not begun and self._sent:
            self._write([])
        return begun

    def _pop(self, most: int) -> list[_Waiting]:
        with self._lock:
            return [self._left.popleft() for _each in range(min(most, len(self._left)))]

    @staticmethod
    def _refuse_old(following: Sequence[_Waiting]) -> list[_Waiting]:
        """Those whose claim is young enough."""
        before_utc = queue.now() - _BEGINS_WITHIN
        old = [it.email for it in following if _is_old(it.email, before_utc)]
        if old:
            give_back(old)
        return [it for it in following if it.email not in old]

    def _write(self, following: Sequence[_Waiting]) -> list[BegunEmail]:
        """Notes what was handed over and begins these; those that are still ours, in their order."""
        now = queue.now()
        with self._lock:
            sent = [self._sent.popleft() for _each in range(len(self._sent))]
        found = gate.settle_emails(
            [gate.SentEmail(email.pk, email.sent_utc or now) for email in sent],
            [gate.FollowingEmail(it.email.pk, it.email.claimed_utc, it.claimed.grant) for it in following],
            at_utc=now,
        )
        return [_make_begun(it, found[it.email.pk]) for it in following if it.email.pk in found]


def _is_old(email: QueuedEmail, before_utc: datetime) -> bool:
    return bool(email.claimed_utc and email.claimed_utc < before_utc)


def _make_begun(waiting: _Waiting, read: gate.Given | gate.GrantRefused | None) -> BegunEmail:
    if isinstance(read, gate.GrantRefused):
        return BegunEmail(waiting.email, waiting.prepared, refused=read)
    return BegunEmail(waiting.email, waiting.prepared, given=read)
