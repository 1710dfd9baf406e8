"""What staff do together for a privacy request: the database asks for two of them."""

from collections.abc import Sequence
from uuid import UUID

from troth.records import journal
from troth.records.calls import rows
from troth.records.ids import new_id


def approve(case: UUID, *, what: str, who: str) -> int:
    """How many members of staff agree to the step now.   Raises  Refusal: the same one twice, case not open."""
    return int(rows("select approve_case(%s, %s, %s, %s)", [case, new_id(), what, who])[0][0])


def erase(case: UUID, person: UUID, *, kept: Sequence[str], who: str, reason: str) -> str:
    """ "erased", "kept" where a law obliges to keep `kept` of what is held, "gone" where nothing was left.

    Raises  Refusal: fewer than two approvals before, another person, case not open."""
    entry = new_id()
    became = str(
        rows("select erase_case(%s, %s, %s, %s, %s, %s)", [case, person, entry, list(kept), who, reason])[0][0]
    )
    if became != "gone":
        act = journal.ERASED if became == "erased" else journal.ERASED_IN_PART
        journal.keep(act, person=person, entry=entry, who=who, kept=list(kept))
    return became
