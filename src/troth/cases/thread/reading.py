"""The messages of a request with their words, as far as a grant opens them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf, Substr
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth import gate, outbox
from troth.cases.models import Case
from troth.cases.thread import copies
from troth.cases.thread.folding import MessagePart, fold
from troth.cases.thread.hiding import hide_secrets
from troth.cases.thread.models import CaseMessage
from troth.collection.forms.types import TYPES
from troth.files import Attached
from troth.queries import PreparedQuery, Slot
from troth.records import profile
from troth.security.actors import STAFF
from troth.security.models import Role, User

_BY_NAME = User.objects.exclude(role="").filter(username=Substr(OuterRef("who"), len(STAFF) + 1))
_MESSAGES: PreparedQuery[Any] = PreparedQuery(
    lambda: (
        CaseMessage.objects.filter(case=Slot("case"))
        .select_related("first")
        # Of closed accounts, too: who wrote it is named by user name where there is no other.
        .annotate(
            name=Subquery(_BY_NAME.values_list(Coalesce(NullIf("display_name", Value("")), "username"))),
            role=Subquery(_BY_NAME.values_list("role")),
        )
    )
)
WORD_KINDS = ("note", "message")
KINDS = (*WORD_KINDS, "attachment")
"""What the words and files of messages are kept as."""


_START = 60
_SHOWN_LAST, _LEAST_LEFT_OUT = 10, 5


@dataclass(frozen=True)
class ShownMessage:
    """One message. `words` is empty where they are not held any longer, or were not read; `role`: of the staff.

    name     of the staff; of the person who asked, where staff read it and it is proven that they wrote this
    person   whose message it is, also where staff wrote it
    parts    of an email, what it says and what it quotes, in its order
    sent     what happened to the email that carries it; `proven`: of an email, whether its sender is verified
    in_copy  who else got it, where its words were read; `writer`: of an email that staff added, who wrote it
    mail     of an email, in the console: what came, as a whole"""

    id: UUID
    at_utc: datetime
    by_staff: bool
    name: str
    way: str
    words: str
    held: bool
    files: tuple[Attached, ...]
    leaves_utc: datetime | None
    person: UUID
    first: str
    sent: str
    proven: bool
    role: str = ""
    in_copy: tuple[copies.PersonInCopy, ...] = ()
    writer: copies.PersonInCopy | None = None
    parts: tuple[MessagePart, ...] = ()
    mail: UUID | None = None

    @property
    def is_marked(self) -> bool:
        """Whether it is from another request, or its sender isn't verified."""
        return bool(self.first) or not self.proven

    @property
    def role_title(self) -> str:
        """Of the member of staff who wrote it."""
        return str(Role(self.role).label) if self.role else ""

    @property
    def start(self) -> str:
        """Its first words, where it is chosen from a list."""
        return self.words if len(self.words) <= _START else f"{self.words[: _START - 1]}…"

    @property
    def quotes(self) -> bool:
        """Whether something of it is folded."""
        return any(part.folded for part in self.parts)


def load(case: Case) -> list[CaseMessage]:
    """Its messages, oldest first, to be listed and opened.   Cost  1 query"""
    found = _MESSAGES.list(case=case.pk)
    for each in found:
        each.case = case
    return found


@dataclass(frozen=True)
class LeftOut:
    """The messages between the first and the newest of a long conversation, and between which moments they were."""

    number: int
    after_utc: datetime
    before_utc: datetime

    def covers(self, at_utc: datetime) -> bool:
        return self.after_utc < at_utc < self.before_utc

    def tell(self, notes: int = 0) -> str:
        """Such as Show 31 earlier messages and 2 internal notes.   Takes  notes: how many are left out, too"""
        messages = ngettext("%d earlier message", "%d earlier messages", self.number) % self.number
        if not notes:
            return _("Show %(messages)s") % {"messages": messages}
        named = ngettext("%d internal note", "%d internal notes", notes) % notes
        return _("Show %(messages)s and %(notes)s") % {"messages": messages, "notes": named}


M = TypeVar("M", CaseMessage, ShownMessage)


def shorten(found: Sequence[M]) -> tuple[list[M], LeftOut | None]:
    """What is asked first and what was said last, and what that leaves out; nothing is, unless it is worth a click."""
    first, between, last = list(found[:1]), list(found[1:-_SHOWN_LAST]), list(found[-_SHOWN_LAST:])
    if len(between) < _LEAST_LEFT_OUT:
        return list(found), None
    return first + last, LeftOut(len(between), first[0].at_utc, last[0].at_utc)


def list_messages(
    case: Case, opened: Mapping[UUID, str] | None = None, *, you: str = "", found: Sequence[CaseMessage] | None = None
) -> list[ShownMessage]:
    """Oldest first.

    Takes   opened: datum → value, as a grant gives them; you: how the person is called in what happened to emails,
            which is looked up with it alone; found: its messages, where they are loaded."""
    found = load(case) if found is None else found
    mails = outbox.of_requests([each.pk for each in found if each.by_staff], you=you) if you else {}
    emails = {message: mail.sentence for message, mail in mails.items()}
    # Only who wrote an email names people in copy.
    others = copies.list_by_message(case) if opened and any(each.way == "email" for each in found) else {}
    shown = [_show(each, opened or {}, emails, others.get(each.pk, ())) for each in found]
    before = [each.words for each in shown]
    return [
        replace(each, parts=fold(each.words, before[:at])) if each.way == "email" and each.words else each
        for at, each in enumerate(shown)
    ]


def _show(
    message: CaseMessage,
    opened: Mapping[UUID, str],
    emails: Mapping[UUID, str],
    others: Sequence[copies.PersonInCopy],
) -> ShownMessage:
    words = opened.get(message.words, "") if message.words else ""
    if message.way == "email":
        words = hide_secrets(words)
    packed = opened.get(message.files, "") if message.files else ""
    return ShownMessage(
        id=message.pk,
        at_utc=message.at_utc,
        by_staff=message.by_staff,
        name=getattr(message, "name", "") or "",
        way=message.way,
        words=words,
        held=message.words is not None,
        files=tuple(TYPES["file"].files(packed)) if packed else (),
        leaves_utc=message.leaves_utc,
        person=message.person,
        first=message.first.number if message.first and message.first_id != message.case_id else "",
        sent=emails.get(message.pk, ""),
        proven=message.proven,
        role=getattr(message, "role", "") or "",
        in_copy=tuple(one for one in others if not one.added_by),
        writer=next((one for one in others if one.added_by), None),
    )


def list_people(case: Case, found: Iterable[CaseMessage]) -> list[UUID]:
    """Whose messages these are: of the person who made the case, and of those who made what was merged into it."""
    others = {each.person for each in found if each.first_id is not None}
    return [case.asker, *sorted(others - {case.asker})]


def list_data(person: UUID, found: Iterable[CaseMessage]) -> list[UUID]:
    """The data that has the words and files of these messages of this person, as far as it is still held."""
    named = name_data(found)
    return list(profile.find_data(person, named)) if named else []


def name_data(found: Iterable[CaseMessage]) -> list[UUID]:
    """The data that has the words and files of these messages, or had them until it was deleted."""
    return [datum for each in found for datum in (each.words, each.files) if datum]


def look(
    case: Case,
    *,
    place: gate.DividedPlace,
    purpose: str,
    who: str,
    reason: str,
    found: Sequence[CaseMessage] | None = None,
) -> Mapping[UUID, str]:
    """Datum → value of its messages, by the place's last look while it is open; nothing where the policy says no.

    Takes   found: its messages, where they are loaded"""
    found = load(case) if found is None else found
    people, named = list_people(case, found), name_data(found)
    if people == [case.asker] and (again := _look_again(case, place.find_place(0), purpose, named)) is not None:
        return again
    opened: dict[UUID, str] = {}
    for number, person in enumerate(people):
        data = list(profile.find_data(person, named)) if named else []
        if data:
            values = gate.look_at_data(
                place=place.find_place(number),
                person=person,
                purpose=purpose,
                kinds=KINDS,
                data=data,
                who=who,
                reason=reason,
            )
            opened |= {datum: values[datum] for datum in data if datum in values}
    return opened


def _look_again(case: Case, place: gate.LookPlace, purpose: str, data: Sequence[UUID]) -> Mapping[UUID, str] | None:
    """All of it by the open grant. None where that lacks something, which may be no longer held."""
    opened = gate.look_at_data_again(place=place, person=case.asker, purpose=purpose, kinds=KINDS, data=data)
    return {datum: opened[datum] for datum in data} if opened is not None and len(opened) == len(set(data)) else None
