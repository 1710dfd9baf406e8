"""Steps of privacy requests that need two members of staff, which the database requires."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from troth.records import journal
from troth.records.acting import session_token
from troth.records.calls import rows
from troth.records.ids import new_id


def approve(case: UUID, *, what: str, who: str) -> int:
    """How many members of staff have approved the step.   Raises  Refusal: the same one twice, case not open."""
    return int(rows("select approve_case(%s, %s, %s, %s, %s)", [case, new_id(), what, who, session_token()])[0][0])


def people_of_case(case: UUID) -> set[UUID]:
    """Whom a case is about: see `case_people`.   Cost  1 query."""
    return {row[0] for row in rows("select case_people(%s)", [case])}


def erase(case: UUID, *, kept: Sequence[str], who: str, reason: str) -> Mapping[UUID, str]:
    """Each person of the case → what happened.

    "erased", "kept" if a law requires us to keep `kept` of the data, "held" if a legal hold makes
    it wait, "gone" if nothing was left. All of them or, if it is refused, nobody.

    Takes   who: the program. If a member of staff ordered it in a session, the ledger names them.
    Raises  Refusal: fewer than two approvals before, case not open."""
    found = rows("select person, became, entry from erase_case(%s, %s, %s, %s)", [case, list(kept), who, reason])
    for person, became, entry in found:
        journal.keep_erasure(person, became, entry=entry, who=who, kept=kept)
    return {person: became for person, became, _entry in found}
