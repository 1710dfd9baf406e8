"""One sending to many people: planned from packed ids, chunk by chunk, each in a transaction of its own.

    chosen = gate.select("newsletter", "email", segment, who="program:newsletter", reason="October")
    facts = IssueFacts(issue=str(issue))
    part = SendingPart(chosen.packed, purpose="newsletter", email="newsletter/issue", facts=facts, at_utc=scheduled)
    plan_many([part], cause=issue)

Nobody's data is used by planning. Each email asks the law when it is claimed, as every email does.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction

from troth import gate, in_force, queue
from troth.outbox import batches, claims, emails, turns
from troth.outbox.facts import EmailFacts, write

Narrow = Callable[[Sequence[UUID]], Sequence[UUID]]
_A_CHUNK = 50_000
_Piece = tuple[bytes, gate.PlannedAlike]
"""People, and the email that they get."""


@dataclass(frozen=True)
class SendingPart:
    """People of a sending who get the same email at the same time.

    `people`: 16 bytes each, as `gate.pack` gives them; `at_utc`: None for now."""

    people: bytes
    _: KW_ONLY
    purpose: str
    topic: str = ""
    email: str
    facts: EmailFacts
    kinds: Sequence[str] = ()
    at_utc: datetime | None = None


def plan_many(parts: Iterable[SendingPart], *, cause: UUID, narrow: Narrow | None = None, pace: int = 0) -> int:
    """How many people of the parts were not planned before: called again, it goes on where it was interrupted.

    Nobody else is planned for the cause, so that its sending ends when all of these emails have left.
    Takes   parts: taken one after another, when it is their turn; cause: what the sending is about, such as an issue;
            narrow: of each chunk, those who get it, in the transaction that plans them; pace: emails an hour.
    Cost    1 transaction for each 50,000 people, two at a time.   Raises  gate.InsideTransaction, BatchStopped."""
    gate.refuse_inside_transaction()
    lanes: set[str] = set()
    new = _plan_in_pairs(_fill(_begin(parts, cause, lanes, pace)), narrow)
    if pace:
        claims.spread_by_pace(cause, pace, at_utc=queue.now())
    batches.note_planned(cause, at_utc=queue.now())
    for lane in sorted(lanes):
        turns.wake(lane)  # it ends a sending that has nobody
    return new


def _begin(parts: Iterable[SendingPart], cause: UUID, lanes: set[str], pace: int) -> Iterator[_Piece]:
    for part in parts:
        alike = _describe(part, cause, pace)
        lanes.add(alike.lane)
        batches.begin(cause, email=part.email, at_utc=alike.at_utc, pace=pace)
        yield part.people, alike


def _describe(part: SendingPart, cause: UUID, pace: int) -> gate.PlannedAlike:
    """With a pace none leaves before all are planned and have their turns: until then they have the last one's."""
    emails.check_facts(part.email, part.facts)
    now, purpose = queue.now(), part.purpose
    first = part.at_utc or now
    people = len(part.people) // gate.ID_BYTES
    leaves = first + timedelta(hours=people / pace + 1) if pace else first
    return gate.PlannedAlike(
        cause=cause,
        purpose=purpose,
        topic=part.topic,
        template=part.email,
        kinds=part.kinds,
        facts=write(part.facts),
        lane=emails.lane_of(part.email, marketing=in_force.policy().purposes[purpose].marketing),
        at_utc=now,
        next_utc=leaves,
        useful_until_utc=emails.useful_until(part.email, at_utc=leaves),
    )


def _fill(pieces: Iterator[_Piece]) -> Iterator[list[_Piece]]:
    """Chunks of as many people, so that two of them take as long. Nobody becomes an object."""
    chunk: list[_Piece] = []
    room = full = _A_CHUNK * gate.ID_BYTES
    for people, alike in pieces:
        start = 0
        while start < len(people):
            chunk.append((people[start : start + room], alike))
            start, room = start + room, room - len(chunk[-1][0])
            if not room:
                yield chunk
                chunk, room = [], full
    if chunk:
        yield chunk


def _plan_in_pairs(chunks: Iterator[list[_Piece]], narrow: Narrow | None) -> int:
    """Two chunks at a time, by two connections: a chunk is a second of one processor.

    No pair begins before the last one ended, so that a stop, which waits for both, gets its turn."""
    new = 0
    with ThreadPoolExecutor(1) as second:
        try:
            while pair := list(islice(chunks, 2)):
                beside = [second.submit(copy_context().run, _plan, chunk, narrow) for chunk in pair[1:]]
                new += _plan(pair[0], narrow)
                new += sum(each.result() for each in beside)
        finally:
            second.submit(_close).result()
    return new


def _close() -> None:
    """A thread's connection: its thread never runs again."""
    transaction.get_connection().close()


def _plan(chunk: list[_Piece], narrow: Narrow | None) -> int:
    with transaction.atomic():
        batches.check_going(chunk[0][1].cause)
        return sum(_plan_piece(people, alike, narrow) for people, alike in chunk)


def _plan_piece(people: bytes, alike: gate.PlannedAlike, narrow: Narrow | None) -> int:
    new = gate.plan_emails(_narrow(people, narrow) if narrow else people, alike)
    if new and alike.next_utc <= datetime.now(UTC):
        turns.wake(alike.lane)
    return new


def _narrow(chunk: bytes, narrow: Narrow) -> bytes:
    return gate.pack(narrow(list(gate.unpack(chunk))))
