"""What somebody asks for here: one kind of request. Number, state, thread and owner are those of all requests."""

from dataclasses import dataclass
from datetime import datetime

from troth import gate
from troth.cases import actions as cases
from troth.cases import timing
from troth.cases.kinds import CaseKind, never
from troth.cases.models import Case

PURPOSE = "support"


@dataclass(frozen=True)
class Wanted:
    """What this kind alone knows of a request."""

    place: str


def _help(case: Case, *, who: str, at_utc: datetime) -> None:
    """Ends it; her history says who helped."""
    cases.answer(case.pk, nature="complied", at_utc=at_utc, who=who)
    gate.note(person=case.asker, kind="support/helped", purpose=PURPOSE, who=who, cause=case.pk)


PLEA = CaseKind(
    id="plea",
    prefix="S",
    title="Support request",
    purpose=PURPOSE,
    queue="staff.support",
    clock=timing.answer("support.answer"),
    facts=Wanted,
    finish=_help,
    deniable=never,
)
