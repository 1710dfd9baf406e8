"""What happened with a case, and whoever waits to hear of it."""

from datetime import datetime

from troth import gate, queue
from troth.cases.models import Case, CaseEvent


def add(case: Case, what: str, *, who: str, at_utc: datetime, words: str = "") -> CaseEvent:
    """The event kept, in the caller's transaction."""
    return CaseEvent.objects.create(id=gate.new_id(), case=case, at_utc=at_utc, who=who, what=what, words=words)


def changed(case: Case) -> None:
    """The state of the case is told to whoever asked to be told, once the transaction commits."""
    if case.facts.get("callback"):
        queue.defer("cases.changed", case=str(case.id), state=case.state)


def write(case: Case, letter: str) -> None:
    """A letter about the case to its person, queued by a job: it needs a grant of its own."""
    if case.person_id is not None:
        queue.defer("cases.write", case=str(case.id), letter=letter)


def begin_erasing(case: Case, *, who: str) -> None:
    """The erasure queued: it waits for the last letter."""
    queue.defer("cases.erase", case=str(case.id), who=who)
