"""What staff do together for a privacy request: the database asks for two of them."""

from collections.abc import Sequence
from uuid import UUID

from troth.records.acting import session_token
from troth.records.calls import rows
from troth.records.ids import new_id


def approve(case: UUID, *, what: str, who: str) -> int:
    """How many members of staff agree to the step now.   Raises  Refusal: the same one twice, case not open."""
    return int(rows("select approve_case(%s, %s, %s, %s, %s)", [case, new_id(), what, who, session_token()])[0][0])


def erase(case: UUID, person: UUID, *, kept: Sequence[str], who: str, reason: str) -> str:
    """ "erased", "kept" where a law obliges to keep `kept` of what is held, "gone" where nothing was left.

    Takes   who: the program. Where a member of staff ordered it by a session, the ledger names that one.
    Raises  Refusal: fewer than two approvals before, another person, case not open."""
    return str(
        rows("select erase_case(%s, %s, %s, %s, %s, %s)", [case, person, new_id(), list(kept), who, reason])[0][0]
    )
