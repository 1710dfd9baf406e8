"""Which people an account's owner has proven to be. Nothing is merged: each fact keeps its person and its history."""

from uuid import UUID

from troth.records.calls import rows
from troth.records.ids import new_id
from troth.records.keeping import blind_index

MOST_AT_ONCE = 50


def join(*, user: int, person: UUID | None = None, addresses: tuple[str, ...] = (), way: str) -> list[UUID]:
    """The people who are new in the account: `person`, and all who gave one of the proven `addresses`.

    Each has the act in her ledger. Runs in the caller's transaction.   Cost  1 statement."""
    indexes = [blind_index("email", address) for address in addresses]
    entries = [new_id() for _number in range(MOST_AT_ONCE)]
    return [row[0] for row in rows("select join_account(%s, %s, %s, %s, %s)", [user, person, indexes, entries, way])]


def let_go_unconfirmed(person: UUID, request: UUID) -> bool:
    """Whether data of a sign-up that nobody confirmed were deleted. An account, once made, is left alone."""
    return bool(rows("select unconfirmed_gone(%s, %s, %s)", [person, request, new_id()])[0][0])
