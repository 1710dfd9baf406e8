"""People in copy: kept with the message that names them, shown, and answered only where staff choose them.

So is who wrote an email that staff added to a request, although it is from someone else than who asked.

An answer to one of them is a disclosure of what it says: it is in the history of the person who asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from troth import in_force
from troth.addresses import compare_loosely
from troth.cases.models import Case
from troth.cases.thread.models import CaseMessage, MessageCopy
from troth.collection.mailbox.forwards import is_of_house
from troth.collection.mailbox.received import ReceivedMail
from troth.outbox import returns
from troth.queries import PreparedQuery, Slot, store, store_all
from troth.records.ids import new_id
from troth.records.keeping import hide_for, show_for
from troth.seal import CannotOpen
from troth.security.crew import names_of

RECIPIENT = "participant"
"""What the policy calls people in copy; a purpose that doesn't name them answers nobody else."""
_MOST = 20


@dataclass(frozen=True)
class PersonInCopy:
    """Someone who got an email, as its writer names them.

    added_by  of who wrote it, and is not who asked: the member of staff who added it; "" for those in copy"""

    id: UUID
    name: str
    address: str
    added_by: str = ""

    @property
    def title(self) -> str:
        return f"{self.name} {self.address}".strip()


def find_named(mail: ReceivedMail) -> list[tuple[str, str]]:
    """(name, address) of those of To and Cc who are neither the sender nor we."""
    found = {
        compare_loosely(address): (name, address)
        for name, address in (*mail.to, *mail.cc)
        if not _is_ours(address) and compare_loosely(address) != compare_loosely(mail.from_address)
    }
    return list(found.values())[:_MOST]


def _is_ours(address: str) -> bool:
    """Also the mailbox that takes answers, whose domain may be none of the site's."""
    ours = is_of_house(address) or returns.read_reply(address) is not None
    return ours or compare_loosely(address) == compare_loosely(settings.TROTH_MAILBOX)


def keep_writer(message: UUID, person: UUID, mail: ReceivedMail, *, wrapped: bytes) -> None:
    """Who wrote a mail that staff added to the request of this person."""
    writer = _make(message, person, mail.from_name, mail.from_address, wrapped=wrapped, added_by=mail.added_by)
    store(writer)


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
    """All people in copy of a request's messages, and who wrote what was added to it, each address once."""
    found = [one for row in _WRITTEN.list(case=case.pk) if (one := _read(row))]
    return list({compare_loosely(one.address): one for one in reversed(found)}.values())[::-1]


def list_by_message(case: Case) -> dict[UUID, list[PersonInCopy]]:
    """Message → who else got it, or wrote it; who added that is called by their name."""
    read = [(row.message_id, one) for row in _OF_CASE.list(case=case.pk) if (one := _read(row))]
    names = names_of(one.added_by for _message, one in read)
    found: dict[UUID, list[PersonInCopy]] = {}
    for message, one in read:
        found.setdefault(message, []).append(replace(one, added_by=names.get(one.added_by, one.added_by)))
    return found


def may_answer(case: Case) -> bool:
    """Whether the policy lets an answer go to people in copy."""
    purpose = in_force.policy().purposes.get(case.purpose)
    return purpose is not None and RECIPIENT in purpose.recipients


def read_answered(message: CaseMessage) -> Sequence[PersonInCopy]:
    return [one for row in _with_messages(message=message).order_by("id") if (one := _read(row))]


def _make(
    message: UUID, person: UUID, name: str, address: str, *, wrapped: bytes = b"", added_by: str = ""
) -> MessageCopy:
    said = "\n".join(filter(None, (f"{name[:200]}\n{address}", added_by)))
    sealed = hide_for(person, _use(person), said.encode(), wrapped=wrapped)
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
        name, address, *more = show_for(person, _use(person), bytes(row.sealed)).decode().split("\n")
    except CannotOpen:
        return None  # the person was erased a moment ago
    return PersonInCopy(row.pk, name, address, *more[:1])


def _use(person: UUID) -> str:
    return f"in copy {person}"
