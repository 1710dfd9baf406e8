"""All that is new read and settled by a few threads, several mails by one transaction.

Each thread reads some of the mails, and hands each to the thread that settles its conversation: so no two of them
change the same request, and what answers it is added in the order in which it came, as far as it was read by then.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Lock
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from troth import in_force
from troth.collection.mailbox import routing
from troth.collection.mailbox.models import KeptMail
from troth.collection.mailbox.routing import ReadMail
from troth.connected import ConnectedThreads
from troth.queries import PreparedQuery, Slot, write_array

AT_A_TIME = 4
"""Threads: while two wait for the database or a child, two compute."""
_BATCH = 200
_TOGETHER = 10
"""How many mails are read before the law is looked up again, and how many one transaction settles at most.

Someone who writes about one of these requests on the site waits for that transaction."""
_IDLE = timedelta(minutes=1)
"""How long connections of a process that takes mail last after its last mail."""
_NEW = PreparedQuery(
    lambda: (
        KeptMail.objects.filter(Q(tries=0) | Q(settled_utc__lt=Slot("at_utc")), state=KeptMail.NEW)
        .exclude(pk__any=Slot("in_hand"))
        .order_by("received_utc")
        .values_list("pk")[:_BATCH]
    )
)
_BY_ID = PreparedQuery(lambda: KeptMail.objects.filter(pk__any=Slot("ids")).order_by("received_utc"))


class Settlers:
    """The threads that settle mail, with connections that last while mail comes in."""

    def __init__(self) -> None:
        self._threads = ConnectedThreads(AT_A_TIME)
        self._busy = Lock()
        self._used_utc: datetime | None = None

    def __enter__(self) -> "Settlers":
        return self

    def __exit__(self, *error: object) -> None:
        self._threads.__exit__(*error)

    def settle_new(self, at_utc: datetime) -> tuple[int, list[Exception]]:
        """As the function of this name; nothing where another look is under way, which sees what is new by now."""
        if not self._busy.acquire(blocking=False):
            return 0, []
        try:
            settling = _Settling(at_utc)
            if settling.look():
                self._used_utc = at_utc
                self._threads.run_in_each(settling.run)
            elif self._used_utc is not None and at_utc > self._used_utc + _IDLE:
                self._used_utc = None
                self._threads.disconnect()
            return settling.count, settling.failures
        finally:
            self._busy.release()


_lasting: list[Settlers] = []


@contextmanager
def lasting() -> Iterator[None]:
    """Inside it, one look at what is new after another is by the same threads."""
    with Settlers() as settlers:
        _lasting.append(settlers)
        try:
            yield
        finally:
            _lasting.remove(settlers)


def settle_new(at_utc: datetime) -> tuple[int, list[Exception]]:
    """How many mails were looked at, and what failed."""
    if _lasting:
        return _lasting[-1].settle_new(at_utc)
    with Settlers() as settlers:
        return settlers.settle_new(at_utc)


class _Settling:
    """What is new, in the order in which it came, for threads that each take some until nothing is left.

    count  how many were taken; `failures`: what went wrong with single ones"""

    def __init__(self, at_utc: datetime) -> None:
        self.count, self.failures = 0, list[Exception]()
        self._at_utc, self._left, self._lock = at_utc, list[UUID](), Lock()
        self._in_hand: set[UUID] = set()
        self._waiting: list[SimpleQueue[ReadMail | None]] = [SimpleQueue() for _each in range(AT_A_TIME)]

    def look(self) -> bool:
        """Whether anything is new."""
        self._left = self._list()
        return bool(self._left)

    def run(self, number: int) -> None:
        """The part of one thread, with a connection of its own."""
        transaction.get_connection().close_if_unusable_or_obsolete()  # of the look before, maybe
        ended = self._read_all(number)
        while ended < AT_A_TIME:
            ended += self._settle_some(number, wait=True)

    def _read_all(self, number: int) -> int:
        """Until nothing new is left. What waits to be settled is, meanwhile.   Gives  as `_settle_some`."""
        ended = 0
        try:
            while ids := self._take():
                with in_force.one_law():
                    for mail in _BY_ID.list(ids=write_array(ids)):
                        self._read(mail)
                ended += self._settle_some(number, wait=False)
        finally:
            for waiting in self._waiting:
                waiting.put(None)  # this thread reads no more for that one
        return ended

    def _read(self, mail: KeptMail) -> None:
        """The mail given to the thread that settles its conversation."""
        try:
            found = routing.read(mail)
        except Exception as error:
            self.failures.append(error)
            routing.count_try(mail.pk, at_utc=self._at_utc)
            self._release([mail.pk])
        else:
            self._waiting[hash(found.conversation) % AT_A_TIME].put(found)

    def _settle_some(self, number: int, *, wait: bool) -> int:
        """Settles what waits for this thread.   Gives  how many threads it learned of that read no more for it."""
        ended, mails = self._list_waiting(self._waiting[number], wait=wait)
        with in_force.one_law():
            self.failures += routing.settle_together(mails, at_utc=self._at_utc)
        self._release(mail.id for mail in mails)
        return ended

    @staticmethod
    def _list_waiting(waiting: "SimpleQueue[ReadMail | None]", *, wait: bool) -> tuple[int, list[ReadMail]]:
        ended, mails = 0, list[ReadMail]()
        with suppress(Empty):
            while len(mails) < _TOGETHER:
                found = waiting.get(block=wait and not mails and not ended)
                if found is not None:
                    mails.append(found)
                else:
                    ended += 1
        return ended, mails

    def _take(self) -> list[UUID]:
        """The next mails; none when all that is new was taken."""
        with self._lock:
            if not self._left:
                self._left = self._list()
            share = min(_TOGETHER, -(-len(self._left) // AT_A_TIME))  # of few that are left, each thread has some
            some, self._left = self._left[:share], self._left[share:]
            self._in_hand.update(some)
            self.count += len(some)
            return some

    def _release(self, done: Iterable[UUID]) -> None:
        with self._lock:
            self._in_hand.difference_update(done)

    def _list(self) -> list[UUID]:
        """Those that a thread has at this moment are new, too: they are left out."""
        return [id for (id,) in _NEW.list(at_utc=self._at_utc, in_hand=write_array(self._in_hand))]
