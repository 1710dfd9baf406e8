"""The messages of a request with their words, as a member of staff who reads its person's data sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.cases.models import Case
from troth.cases.thread import CaseMessage
from troth.cases.thread.reading import (
    KINDS,
    LeftOut,
    ShownMessage,
    list_data,
    list_messages,
    list_people,
    name_data,
    shorten,
)
from troth.collection.forms.types import kinds_of
from troth.collection.forms.types.texts import NAME
from troth.collection.mailbox.models import KeptMail
from troth.records import profile


@dataclass(frozen=True)
class ReadConversation:
    """What is shown of it, and what of a long one is left out until it is asked for.

    address  to which an answer goes; "" where this reading didn't open it"""

    messages: tuple[ShownMessage, ...] = ()
    left_out: LeftOut | None = None
    address: str = ""


@dataclass(frozen=True)
class ConversationReader:
    """Who reads. `place`: where the grant of the request's reading is kept, and beside it those of other people."""

    place: gate.SessionLook
    who: str
    reason: str

    def read(
        self, case: Case, loaded: Sequence[CaseMessage], given: gate.Given, name: str, *, whole: bool
    ) -> ReadConversation:
        """Also what came since it was read, and what was merged into it: each needs a grant that covers it, too.

        Takes   loaded: its messages; given: what was read of who asked; name: theirs; whole: leaves nothing out"""
        chosen, left_out = (loaded, None) if whole else shorten(loaded)
        # What an email quotes is folded, whichever message that is from.
        found = loaded if any(each.way == "email" for each in chosen) else chosen
        names, people = {case.asker: name}, list_people(case, found)
        newest = _find_newest(given.grant.person)
        asked = [*name_data(found), *([newest["email"]] if "email" in newest else [])]
        opened = dict(gate.read_data(given.grant, asked))
        for person in people:
            called = [] if person == case.asker else _find_names(person, given.grant.purpose)
            own = name_data(each for each in found if each.person == person)
            if not opened.keys() >= {*own, *called}:
                opened |= self._read_others(given.grant.purpose, person, found, called, opened)
            names.setdefault(person, next((opened[datum] for datum in called if datum in opened), ""))
        ids = {each.pk for each in chosen}
        shown = [each for each in list_messages(case, opened, you=_("the person"), found=found) if each.id in ids]
        named = _name_mails([_name_writer(each, names) for each in shown], people)
        return ReadConversation(tuple(named), left_out, opened.get(newest["email"], "") if "email" in newest else "")

    def _read_others(
        self,
        purpose: str,
        person: UUID,
        found: Sequence[CaseMessage],
        called: Sequence[UUID],
        opened: Mapping[UUID, str],
    ) -> Mapping[UUID, str]:
        """By a grant of its own, what the grants so far don't open and is still held; nothing where that is nothing."""
        held = [*list_data(person, found), *called]
        if opened.keys() >= set(held):
            return {}
        return gate.look_at_data(
            place=replace(self.place, name=f"{self.place.name} {person}"),
            person=person,
            purpose=purpose,
            kinds=(*KINDS, *_list_name_kinds(purpose)) if called else KINDS,
            data=held,
            who=self.who,
            reason=self.reason,
        )


def _find_newest(person: UUID) -> Mapping[str, UUID]:
    return {kind: datum.id for kind, datum in profile.find_newest(person, cause=None, only=None).items()}


def _find_names(person: UUID, purpose: str) -> list[UUID]:
    newest = _find_newest(person)
    return [newest[kind] for kind in _list_name_kinds(purpose) if kind in newest]


def _list_name_kinds(purpose: str) -> list[str]:
    policy = in_force.policy()
    return [kind for kind in kinds_of(policy, NAME) if kind in policy.purposes[purpose].may_use]


def _name_writer(message: ShownMessage, names: Mapping[UUID, str]) -> ShownMessage:
    """Of an email whose sender isn't verified, nobody is named: anyone may have written it."""
    if message.by_staff or message.writer or not message.proven:
        return message
    return replace(message, name=names.get(message.person, ""))


def _name_mails(messages: Sequence[ShownMessage], people: Sequence[UUID]) -> list[ShownMessage]:
    """With the emails that they came as, whose moments are those of the messages.   Cost  1 query, or none"""
    came = [each.at_utc for each in messages if each.way == "email" and not each.by_staff]
    if not came:
        return [*messages]
    kept = KeptMail.objects.filter(person__in=people, received_utc__in=came).values_list("received_utc", "pk")
    mails = dict(kept)
    return [replace(each, mail=mails.get(each.at_utc)) if each.way == "email" else each for each in messages]
