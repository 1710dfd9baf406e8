"""The ledger: reading its entries, and recording what rooms add."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from troth.records.acting import session_token
from troth.records.calls import read_binary, rows
from troth.records.ids import new_id
from troth.records.ledger import payloads
from troth.records.ledger.leaves import Body
from troth.records.ledger.payloads import Disclosed, EntryPayload, P

COLUMNS = (
    "person_id, id, kind, at_utc, purpose, section, version, who, reason, kinds, recipient, request, payload::text,"
    " expires_utc, transaction, salt, leaf"
)
"""In the order that `entry_of` takes."""
NO_PAYLOAD = EntryPayload()


class LedgerEntry(Body):
    """One ledger entry. `leaf` commits to its body with `salt`; the salt of an erased person's entries is gone.

    A tuple, because a history has thousands of them."""

    __slots__ = ()

    def read(self, payload: type[P]) -> P:
        """What it says beside its columns, as its kind's type has it."""
        return payloads.read(payload, self.payload_text)

    @property
    def recipient_name(self) -> str:
        return self.read(Disclosed).name or self.recipient.partition(":")[2]

    def stands(self) -> bool:
        """Whether the leaf belongs to the body; never for a changed or erased entry."""
        return self.has_leaf(self.leaf, self.salt)


def history(person: UUID, *, cause: UUID | None = None) -> list[LedgerEntry]:
    """All entries of a person, or of one request of theirs, newest first: ids and codes, never values."""
    return [entry_of(row) for row in read_binary(f"select {COLUMNS} from history(%s, %s)", [person, cause])]


def bulk_uses_of(person: UUID) -> list[LedgerEntry]:
    """The entries of bulk uses that included the person, newest first.

    Cost    1 query that reads one byte of each bulk use."""
    return [entry_of(row) for row in read_binary(f"select {COLUMNS} from bulk_uses_of(%s)", [person])]


def note(
    *,
    person: UUID,
    kind: str,
    purpose: str,
    who: str,
    reason: str = "",
    cause: UUID | None = None,
    payload: EntryPayload = NO_PAYLOAD,
) -> UUID:
    """The id of a new entry for something without a value, such as an email held back, a request or a sign-in."""
    entry = new_id()
    rows(
        "select note(%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s)",
        [person, entry, kind, purpose, who, reason, cause, payloads.write(kind, payload), session_token()],
    )
    return entry


def entry_of(row: Sequence[Any]) -> LedgerEntry:
    """The entry of a row with COLUMNS."""
    return LedgerEntry._make((*row[:_KINDS], tuple(row[_KINDS]), *row[_KINDS + 1 : -2], row[-2] or b"", row[-1]))


_KINDS = LedgerEntry._fields.index("kinds")
