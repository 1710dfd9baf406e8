"""One email to many people: planned from a selection, chunk by chunk, each in a transaction of its own.

    chosen = gate.select("newsletter", "email", segment, who="program:newsletter", reason="October")
    plan_many(chosen, email="newsletter/issue", facts=IssueFacts(issue=str(issue)), cause=issue, at_utc=scheduled)

Nobody's data is used by planning. Each email asks the law when it is claimed, as every email does.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from troth import gate, in_force, queue
from troth.outbox import batches, emails, turns
from troth.outbox.facts import EmailFacts, write

Narrow = Callable[[Sequence[UUID]], Sequence[UUID]]
_A_CHUNK = 50_000


def plan_many(
    chosen: gate.Selection,
    *,
    email: str,
    facts: EmailFacts,
    cause: UUID,
    kinds: Sequence[str] = (),
    at_utc: datetime | None = None,
    narrow: Narrow | None = None,
    last: bool = True,
) -> int:
    """How many people of the selection were not planned before: called again, it goes on where it was interrupted.

    Takes   email: room and name; facts: alike for all; cause: what it is about, such as an issue; at_utc: when to send;
            narrow: of each chunk, those who get it, in the transaction that plans them;
            last: nobody else is planned for the cause, so that its sending ends when all of these have left.
    Cost    1 statement for each 50,000 people, two at a time.   Raises  gate.InsideTransaction, BatchStopped."""
    gate.refuse_inside_transaction()
    emails.check_facts(email, facts)
    now = queue.now()
    lane = emails.lane_of(email, marketing=in_force.policy().purposes[chosen.purpose].marketing)
    alike = gate.PlannedAlike(
        cause=cause,
        purpose=chosen.purpose,
        topic=chosen.topic,
        template=email,
        kinds=kinds,
        facts=write(facts),
        lane=lane,
        at_utc=now,
        next_utc=at_utc or now,
        useful_until_utc=emails.useful_until(email, at_utc=at_utc or now),
    )
    batches.begin(cause, email=email, at_utc=now)
    new = _plan_in_pairs(_split(chosen), alike, narrow)
    if last:
        batches.note_planned(cause, at_utc=queue.now())
        turns.wake(lane)  # it ends a sending that has nobody
    return new


def _plan_in_pairs(chunks: Iterator[bytes], alike: gate.PlannedAlike, narrow: Narrow | None) -> int:
    """Two chunks at a time, by two connections: a chunk is a second of one processor.

    No pair begins before the last one ended, so that a stop, which waits for both, gets its turn."""
    new = 0
    with ThreadPoolExecutor(1) as second:
        try:
            while pair := list(islice(chunks, 2)):
                beside = [second.submit(copy_context().run, _plan, chunk, alike, narrow) for chunk in pair[1:]]
                new += _plan(pair[0], alike, narrow)
                new += sum(each.result() for each in beside)
        finally:
            second.submit(_close).result()
    return new


def _close() -> None:
    """A thread's connection: its thread never runs again."""
    transaction.get_connection().close()


def _plan(chunk: bytes, alike: gate.PlannedAlike, narrow: Narrow | None) -> int:
    with transaction.atomic():
        batches.check_going(alike.cause)
        new = gate.plan_emails(_narrow(chunk, narrow) if narrow else chunk, alike)
        if new and alike.next_utc <= datetime.now(UTC):
            turns.wake(alike.lane)
        return new


def _narrow(chunk: bytes, narrow: Narrow) -> bytes:
    return gate.pack(narrow(list(gate.unpack(chunk))))


def _split(chosen: gate.Selection) -> Iterator[bytes]:
    """As the selection has them: nobody becomes an object only to be written again."""
    size = _A_CHUNK * gate.ID_BYTES
    for start in range(0, len(chosen.packed), size):
        yield chosen.packed[start : start + size]
