"""Events of a case, and who is notified of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from troth import gate, queue
from troth.cases import plans
from troth.cases.kinds import kind_of
from troth.cases.models import Case, CaseEvent
from troth.records import stepping

ANNOUNCED = "announced"
NOT_ATTACHED = "not attached"
_MOVES_DEADLINES = frozenset(
    {
        *("verified", "extended", "answered", "denied", "withdrawn", "joined"),
        *("reopened", "wrote", "replied", "taken back", "waits", "resumed"),
        *("merged", "unmerged", "took in"),
    }
)


def add(
    case: Case, what: str, *, who: str, at_utc: datetime, words: str = "", change: Mapping[str, Any] | None = None
) -> None:
    """Takes the step and stores its event, in the caller's transaction; `case` has the new state.

    Takes   change: what else of the case changes; the database says which step may change what.
    Raises  Refusal: not now, or not by this one."""
    stepped = stepping.step(
        case.id,
        what,
        event=gate.new_id(),
        at_utc=at_utc,
        who=who,
        words=words,
        change=dict(change or {}),
        columns=Case.list_columns(),
    )
    case.fill(stepped.values)
    if what in _MOVES_DEADLINES:
        plans.renew(case, planned=stepped.planned)


def begin(case: Case, *, who: str, at_utc: datetime) -> None:
    """Stores a received case with its first event.   Raises  Refusal: dated in the future, or long ago."""
    values = {column: getattr(case, column) for column in Case.list_columns()}
    opened = stepping.open_case(values, event=gate.new_id(), at_utc=at_utc, who=who)
    case.fill(opened.values)
    plans.renew(case, planned=opened.planned)


def announce_change(case: Case) -> None:
    """Notifies agents of the case's state, once the transaction commits."""
    if case.callback:
        queue.defer("cases.changed", case=str(case.id), state=case.state)


def write(case: Case, email: str) -> None:
    """Queues the email that the kind sends at this moment: once a request, and again once it was opened again."""
    if case.person_id is not None and (email == ANNOUNCED or email in kind_of(case).emails):
        queue.defer("cases.write", case=str(case.id), email=email, time=count_reopened(case.id))


def explain_left_out(case: Case) -> str:
    """Why attachments of the email that it came by were not taken; "" where all were, and where another email says it.

    Cost  1 query for what came by email"""
    if case.manner != "email":
        return ""
    left = case.events.filter(what=NOT_ATTACHED, at_utc=case.received_utc).first()
    return left.words if left is not None else ""


def list_causes(case: UUID, reopened: int) -> list[UUID]:
    """The causes of its emails: itself, and one for each time that it was opened again."""
    return [cause_at(case, time) for time in range(reopened + 1)]


def cause_at(case: UUID, time: int) -> UUID:
    """The cause of emails after it was opened again so many times."""
    return uuid5(case, f"opened again {time}") if time else case


def count_reopened(case: UUID) -> int:
    """How often the request was opened again."""
    return CaseEvent.objects.filter(case=case, what="reopened").count()


def begin_erasing(case: Case) -> None:
    """Queues the deletion, in the caller's transaction. Its event says who ordered it."""
    queue.defer("cases.erase", case=str(case.id))
