"""People in copy: kept with the message that names them, shown, and answered only where staff choose them.

An answer to one of them is a disclosure of what it says: it is in the history of the person who asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from troth import in_force
from troth.addresses import NoAddress, comparable
from troth.cases.models import Case
from troth.cases.thread.models import CaseMessage, MessageCopy
from troth.collection.mailbox.forwards import is_of_house
from troth.collection.mailbox.received import ReceivedMail
from troth.queries import PreparedQuery, Slot, store, store_all
from troth.records.ids import new_id
from troth.records.keeping import hide_for, show_for
from troth.seal import CannotOpen

RECIPIENT = "participant"
"""What the policy calls people in copy; a purpose that doesn't name them answers nobody else."""
_MOST = 20


@dataclass(frozen=True)
class PersonInCopy:
    """Someone who got an email, as its writer names them."""

    id: UUID
    name: str
    address: str


def find_named(mail: ReceivedMail) -> list[tuple[str, str]]:
    """(name, address) of those of To and Cc who are neither the sender nor we."""
    found = {
        _compare(address): (name, address)
        for name, address in (*mail.to, *mail.cc)
        if not is_of_house(address) and _compare(address) != _compare(mail.from_address)
    }
    return list(found.values())[:_MOST]


def keep(message: UUID, person: UUID, named: Iterable[tuple[str, str]], *, wrapped: bytes) -> None:
    """Those whom the mail names, with this message of the person's.

    Takes   wrapped: the person's key as it is stored.   Cost  1 query; none without anyone in copy"""
    store_all([_make(message, person, *one, wrapped=wrapped) for one in named])


def choose(message: CaseMessage, chosen: Iterable[UUID]) -> None:
    """The answer goes to these people in copy, too, as far as an earlier message of the request names them."""
    known = {one.id: one for one in list_of(message.case)}
    for one in dict.fromkeys(chosen):
        if one in known:
            store(_make(message.pk, message.person, known[one].name, known[one].address))


def list_of(case: Case) -> list[PersonInCopy]:
    """All people in copy of a request's messages, each address once."""
    found = [one for row in _WRITTEN.list(case=case.pk) if (one := _read(row))]
    return list({_compare(one.address): one for one in reversed(found)}.values())[::-1]


def list_by_message(case: Case) -> dict[UUID, list[PersonInCopy]]:
    """Message → who else got it."""
    found: dict[UUID, list[PersonInCopy]] = {}
    for row in _OF_CASE.list(case=case.pk):
        if one := _read(row):
            found.setdefault(row.message_id, []).append(one)
    return found


def may_answer(case: Case) -> bool:
    """Whether the policy lets an answer go to people in copy."""
    purpose = in_force.policy().purposes.get(case.purpose)
    return purpose is not None and RECIPIENT in purpose.recipients


def read_answered(message: CaseMessage) -> Sequence[PersonInCopy]:
    return [one for row in _with_messages(message=message).order_by("id") if (one := _read(row))]


def _make(message: UUID, person: UUID, name: str, address: str, *, wrapped: bytes = b"") -> MessageCopy:
    sealed = hide_for(person, _use(person), f"{name[:200]}\n{address}".encode(), wrapped=wrapped)
    return MessageCopy(id=new_id(), message_id=message, sealed=sealed)


def _with_messages(**which: object) -> "QuerySet[MessageCopy]":
    return MessageCopy.objects.filter(**which).select_related("message__first", "message__case")


_OF_CASE = PreparedQuery(lambda: _with_messages(message__case=Slot("case")).order_by("id"))
_WRITTEN = PreparedQuery(
    lambda: _with_messages(message__case=Slot("case"), message__who="person").order_by("message__at_utc", "id")
)


def _read(row: MessageCopy) -> PersonInCopy | None:
    person = (row.message.first or row.message.case).person_id
    if person is None:
        return None
    try:
        name, _, address = show_for(person, _use(person), bytes(row.sealed)).decode().partition("\n")
    except CannotOpen:
        return None  # the person was erased a moment ago
    return PersonInCopy(row.pk, name, address)


def _use(person: UUID) -> str:
    return f"in copy {person}"


def _compare(address: str) -> str:
    try:
        return comparable(address)
    except NoAddress:
        return address.lower()
