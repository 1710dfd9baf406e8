"""The messages of a request with their words, as far as a grant opens them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from troth import gate, outbox
from troth.cases.models import Case
from troth.cases.thread import copies
from troth.cases.thread.folding import MessagePart, fold
from troth.cases.thread.models import CaseMessage
from troth.collection.forms.types import TYPES
from troth.files import Attached
from troth.records import profile
from troth.security.crew import names_of

KINDS = ("note", "message", "attachment")
"""What the words and files of messages are kept as."""


@dataclass(frozen=True)
class ShownMessage:
    """One message. `words` is empty where they are not held any longer, or were not read; `name`: of the staff.

    parts    of an email, what it says and what it quotes, in its order
    sent     what happened to the email that carries it; `proven`: of an email, whether its sender is verified
    in_copy  who else got it, where its words were read"""

    id: UUID
    at_utc: datetime
    by_staff: bool
    name: str
    way: str
    words: str
    held: bool
    files: tuple[Attached, ...]
    leaves_utc: datetime | None
    first: str
    sent: str
    proven: bool
    in_copy: tuple[copies.PersonInCopy, ...] = ()
    parts: tuple[MessagePart, ...] = ()

    @property
    def quotes(self) -> bool:
        """Whether something of it is folded."""
        return any(part.folded for part in self.parts)


def list_messages(case: Case, opened: Mapping[UUID, str] | None = None, *, you: str = "") -> list[ShownMessage]:
    """Oldest first.

    Takes   opened: datum → value, as a grant gives them; you: how the person is called in what happened to emails."""
    found = list(case.messages.select_related("first"))
    names = names_of(each.who for each in found)
    mails = outbox.of_requests([each.pk for each in found if each.by_staff], you=you)
    emails = {message: mail.sentence for message, mail in mails.items()}
    others = copies.list_by_message(case) if opened else {}
    shown = [_show(each, opened or {}, names, emails, others.get(each.pk, ())) for each in found]
    before = [each.words for each in shown]
    return [
        replace(each, parts=fold(each.words, before[:at])) if each.way == "email" and each.words else each
        for at, each in enumerate(shown)
    ]


def _show(
    message: CaseMessage,
    opened: Mapping[UUID, str],
    names: Mapping[str, str],
    emails: Mapping[UUID, str],
    others: Sequence[copies.PersonInCopy],
) -> ShownMessage:
    words = opened.get(message.words, "") if message.words else ""
    packed = opened.get(message.files, "") if message.files else ""
    return ShownMessage(
        id=message.pk,
        at_utc=message.at_utc,
        by_staff=message.by_staff,
        name=names.get(message.who, ""),
        way=message.way,
        words=words,
        held=message.words is not None,
        files=tuple(TYPES["file"].files(packed)) if packed else (),
        leaves_utc=message.leaves_utc,
        first=message.first.number if message.first and message.first_id != message.case_id else "",
        sent=emails.get(message.pk, ""),
        proven=message.proven,
        in_copy=tuple(others),
    )


def list_people(case: Case) -> list[UUID]:
    """Whose messages it has: of the person who made it, and of those who made what was merged into it."""
    others = {each.person for each in case.messages.exclude(first=None).select_related("first")}
    return [case.asker, *sorted(others - {case.asker})]


def list_data(case: Case, person: UUID) -> list[UUID]:
    """The data that has its words and files of this person, as far as it is still held."""
    rows = case.messages.values_list("words", "files")
    named = [datum for row in rows for datum in row if datum]
    return list(profile.find_data(person, named)) if named else []


def look(case: Case, *, place: gate.DividedPlace, purpose: str, who: str, reason: str) -> Mapping[UUID, str]:
    """Datum → value of its messages, by the place's last look while it is open; nothing where the policy says no."""
    opened: dict[UUID, str] = {}
    for number, person in enumerate(list_people(case)):
        data = list_data(case, person)
        if data:
            found = gate.look_at_data(
                place=place.find_place(number),
                person=person,
                purpose=purpose,
                kinds=KINDS,
                data=data,
                who=who,
                reason=reason,
            )
            opened |= {datum: found[datum] for datum in data if datum in found}
    return opened
