"""Which people an account's owner has proven to be. Nothing is merged: each submission keeps its person and history."""

from dataclasses import dataclass
from uuid import UUID

from troth.records.calls import rows
from troth.records.ids import new_id
from troth.records.keeping import address_index

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class AddressDatum:
    """An email address of a person in an account, without its value."""

    person: UUID
    id: UUID
    channel: str
    version: int
    cause: UUID | None


def join(*, user: int, person: UUID | None = None, address: str = "", way: str) -> list[UUID]:
    """The people who are new in the account: `person`, and everyone whose current address is `address`.

    Each gets an entry in their history; at most fifty per call, in the caller's transaction.   Cost  1 statement."""
    index = address_index(address) if address else None
    entries = [new_id() for _number in range(MOST_AT_ONCE)]
    return [row[0] for row in rows("select join_account(%s, %s, %s, %s, %s)", [user, person, index, entries, way])]


def offers_of(user: int) -> list[UUID]:
    """People whose address equals the account's only under the new comparison; its owner may add them."""
    return [row[0] for row in rows("select joining_offers(%s)", [user])]


def answer_offer(*, user: int, person: UUID, yes: bool) -> bool:
    """Whether there was such an offer. Yes joins the person, with an entry; no ends the offer for good."""
    return bool(rows("select answer_offer(%s, %s, %s, %s)", [user, person, new_id(), yes])[0][0])


def leave_address(user: int, address: str, *, domain: bool) -> int:
    """How many open invitations and emailed requests stay with the old address; each gets an entry.

    Takes   domain: whether the domain changes too; then requests to join with it end"""
    return int(rows("select leave_address(%s, %s, %s)", [user, address_index(address), domain])[0][0])


def close(user: int) -> bool:
    """Ends a customer's account; False if there is none. Its people stay, each with an entry.

    Raises  Refusal while a privacy request that the sign-in proves is open, or for a member of an organization"""
    return bool(rows("select close_account(%s)", [user])[0][0])


def addresses_of(user: int, address: str) -> list[AddressDatum]:
    """Each value of the account that is this address, ordered by person.   Cost  1 query."""
    columns = "person_id, id, channel, version, request"
    return [
        AddressDatum(*row)
        for row in rows(f"select {columns} from account_addresses(%s, %s)", [user, address_index(address)])
    ]


def remove_unconfirmed(person: UUID, cause: UUID) -> bool:
    """Whether the data of an unconfirmed sign-up was deleted. What an account holds already is not touched."""
    return bool(rows("select unconfirmed_gone(%s, %s, %s)", [person, cause, new_id()])[0][0])
