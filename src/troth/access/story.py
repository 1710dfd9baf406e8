"""The ledger in plain words: one sentence an entry, with the section that allowed it and the policy's own words."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth import in_force, outbox
from troth.collection.forms.types import kinds_of
from troth.collection.forms.types.figures import format_time
from troth.collection.forms.types.texts import COMPANY
from troth.desk import index
from troth.markup import format_html
from troth.policy.meaning import MARKETING
from troth.policy.terms import Policy
from troth.records.ids import NOBODY
from troth.records.ledger import Collected, LedgerEntry, PastLine, Used, without_ids
from troth.security.actors import is_program
from troth.security.crew import names_of
from troth.words.people import reader
from troth.words.story import LineAbout, Saying, StoryLine
from troth.words.values import in_sentence, kinds_in_words, why_in_words

MOMENT = timedelta(seconds=1)
"""Nobody answers a question twice in this time: equal answers are one."""
OFFERS_PROMISE = "preferences.offers"
SENDER = "program:outbox"
"""Emails are no routine: one that was not sent keeps a line of its own."""

GivenKinds = Mapping[UUID, frozenset[str]]
"""The kinds of data that each person gave themselves. Under Nobody, of uses of many people: what each of these gave."""


_COLUMNS = slice(LedgerEntry._fields.index("purpose"), LedgerEntry._fields.index("recipient") + 1)
"""Beside its kind, the columns that a sentence is about: purpose, section, version, who, reason, kinds, recipient."""


class Teller:
    """Says entries in words. Of a long history most say the same as another one, and that is put into words once."""

    def __init__(self, entries: Sequence[LedgerEntry], *, given: GivenKinds | None = None) -> None:
        """Takes   entries: all that will be asked for; given: see `write_story`."""
        kinds = _list_given(entries) if given is None else given
        # By their numbers: Python hashes and compares a UUID by functions of its own.
        self._given = {person.int: of_person for person, of_person in kinds.items()}
        self.names: Mapping[str, str] = _names(entries)
        self._law = in_force.law()
        self._single = {id for name in self.names if len(id := name.rpartition(" ")[2]) == len(str(NOBODY))}
        self._said: dict[object, Saying] = {}

    def say(self, entry: LedgerEntry) -> Saying:
        given = self._given.get(entry.person.int, frozenset())
        single = self._find_single(entry) if self._single else None
        same = (entry.kind, entry[_COLUMNS], without_ids(entry.payload_text), single, given)
        said = self._said.get(same)
        if said is None:
            names = {**self.names, **{f"given {kind}": kind for kind in given}}
            said = self._said[same] = _say(entry, self.policy_of(entry), names)
        return said

    def _find_single(self, entry: LedgerEntry) -> UUID | None:
        """The entry's id where something has a name by it, so that what it says is its own."""
        return entry.id if str(entry.id) in self._single else None

    def policy_of(self, entry: LedgerEntry) -> Policy:
        """Old entries quote the policy as it stood then."""
        return self._law.versions.get(entry.version, self._law.versions[self._law.current])


def write_story(
    entries: Sequence[LedgerEntry],
    *,
    receipts: Mapping[UUID, str] | None = None,
    confirmed: bool = True,
    given: GivenKinds | None = None,
    abouts: Mapping[UUID, LineAbout] | None = None,
) -> list[StoryLine]:
    """The entries as lines, in the order given; a day is written once.

    Takes   receipts: request → its receipt's path; confirmed: False leaves out why a recipient was chosen, which
            can tell a stranger whom we already know; given: the kinds that each person gave, so that a sentence may
            say so, where these entries are a page of a history; else these entries say it;
            abouts: requests and people → what a line of them is about."""
    teller, until, own = Teller(entries, given=given), _("Open until"), _("Entry")
    about = _list_abouts(entries, abouts) if abouts is not None else {}
    days = [timezone.localdate(entry.at_utc) for entry in entries]
    return [
        StoryLine(
            id=entry.id,
            at_utc=entry.at_utc,
            new_day=day != before,
            said=(said := teller.say(entry)),
            facts=(
                *said.facts,
                *([(until, _clock(entry.expires_utc))] if entry.expires_utc else ()),
                (own, str(entry.id)),
            ),
            reason=said.reason if confirmed else "",
            receipt=(receipts or {}).get(entry.cause, "") if entry.cause else "",
            about=_find_about(entry, about),
        )
        for entry, day, before in zip(entries, days, [None, *days], strict=False)
    ]


def _find_about(entry: LedgerEntry, abouts: Mapping[UUID, LineAbout | None]) -> LineAbout | None:
    """Its request, where the reader has a page of it, or an email to many; else the submission of its person."""
    return abouts[entry.cause] if entry.cause and entry.cause in abouts else abouts.get(entry.person)


def _list_abouts(entries: Sequence[LedgerEntry], known: Mapping[UUID, LineAbout]) -> Mapping[UUID, LineAbout | None]:
    """The known ones, and emails to many by the causes of these entries; None where no room says what they are."""
    sent = outbox.find_batches([each.cause for each in entries if each.cause and each.cause not in known])
    written: dict[UUID, LineAbout] = {}
    for room in index.rooms():
        if room.abouts and sent:
            written |= room.abouts({*sent.values()})
    return {**known, **{cause: written.get(batch) for cause, batch in sent.items()}}


def word_of(kind: str) -> str:
    """The word of an entry's kind, as the filter and the line show it."""
    found = index.entry_kinds().get(kind)
    return str(found.word) if found else kind


def _say(entry: LedgerEntry, policy: Policy, names: Mapping[str, str]) -> Saying:
    kind, anchor = index.entry_kinds().get(entry.kind), anchor_of(policy, entry.section, entry.purpose)
    section = policy.section(anchor)
    return Saying(
        sentence=kind.tell(entry, policy, names) if kind else _untold(entry),
        state=kind.mark if kind else "",
        word=str(kind.word) if kind else entry.kind,
        promise_kept=entry.kind in ("held back", "refused"),
        anchor=anchor,
        section=section.title if section else "",
        version=policy.version,
        quotation=_find_quotation(entry, policy),
        titles=kinds_in_words(policy, entry.kinds),
        reason=why_in_words(entry.reason) if entry.kind == "disclosed" else "",
        routine=_is_routine(entry, policy),
        joins=kind is not None and (kind.mark == "kept" or entry.kind == "used"),
        number=len(entry.kinds),
        facts=tuple(_list_facts(entry, policy, names)),
    )


def _is_routine(entry: LedgerEntry, policy: Policy) -> bool:
    """Whether it is routine: a program's reads, allowed or not, the person's own looks, and their company in a list."""
    if entry.kind == "refused":
        return is_program(entry.who) and entry.who != SENDER
    own = entry.who == "person" or is_program(entry.who)
    return entry.kind == "used" and (own or _is_in_list(entry, policy))


def _is_in_list(entry: LedgerEntry, policy: Policy) -> bool:
    """Whether staff saw the company beside others': their lists name no other value."""
    return entry.read(Used).people > 0 and set(entry.kinds) <= set(kinds_of(policy, COMPANY))


@dataclass(frozen=True)
class StoryGroup:
    """Lines that follow each other, the newest first. `folded`: routine entries, shown as one line that opens."""

    lines: tuple[StoryLine, ...]
    folded: bool = False

    @property
    def new_day(self) -> bool:
        return self.lines[0].new_day

    @property
    def several_days(self) -> bool:
        return any(line.new_day for line in self.lines[1:])

    @property
    def about(self) -> LineAbout | None:
        """What all of its lines are about, if that is one thing."""
        found = {line.about for line in self.lines}
        return found.pop() if len(found) == 1 else None

    @property
    def repeats(self) -> bool:
        """Whether some of its lines are no routine, and say what a line before it says."""
        return not all(line.said.routine for line in self.lines)

    @property
    def takes_time(self) -> bool:
        """Whether its lines are not of the same minute."""
        return len({_minute_of(line) for line in self.lines}) > 1


def fold(lines: Sequence[StoryLine], *, one_by_one: bool = False) -> list[StoryGroup]:
    """All lines in groups, with routine entries folded where two or more follow each other; `one_by_one` folds none.

    Of one minute, which is all that the page shows of a time, several routine entries come last and so in one fold."""
    if one_by_one:
        return _group(lines)
    groups: list[StoryGroup] = []
    loose: list[StoryLine] = []
    again = _find_repeated(lines)
    of_all = {*again.values()}  # said of every submission, so it names none
    lines = [replace(line, about=None) if line.id in of_all else line for line in lines]
    gathered = [
        each for _minute, found in groupby(lines, key=_minute_of) for each in _put_routine_last(list(found), again)
    ]
    for routine, group in groupby(gathered, key=lambda line: line.said.routine or line.id in again):
        found = list(group)
        if not loose and groups and groups[-1].several_days:
            found[0] = replace(found[0], new_day=True)  # the fold's last day is nowhere in front of it
        if routine and (len(found) > 1 or found[0].id in again):
            groups += [*_group(loose), StoryGroup(tuple(found), folded=True)]
            loose = []
        else:
            loose += found
    return [*groups, *_group(loose)]


def _find_repeated(lines: Sequence[StoryLine]) -> Mapping[UUID, UUID]:
    """What says the same as a line of the same moment, each with that line: one act, kept for each submission.

    Such acts are someone's choice, and a look of staff that was allowed or not."""
    said: dict[str, tuple[StoryLine, datetime]] = {}
    found: dict[UUID, UUID] = {}
    for line in lines:
        if line.said.routine or not line.said.joins:
            continue
        first, before_utc = said.get(line.said.sentence, (line, line.at_utc))
        if first is not line and before_utc - line.at_utc <= MOMENT:
            found[line.id] = first.id
        else:
            first = line
        said[line.said.sentence] = first, line.at_utc
    return found


def _put_routine_last(minute: list[StoryLine], again: Collection[UUID]) -> list[StoryLine]:
    """The lines of a minute, those that are routine or said again last. One alone stays where it happened."""
    folded = {line.id for line in minute if line.said.routine or line.id in again}
    if len(folded) == 1 and folded.isdisjoint(again):
        return minute
    gathered = sorted(minute, key=lambda line: line.id in folded)
    if minute[0].new_day and gathered[0] is not minute[0]:
        gathered = [replace(line, new_day=not position) for position, line in enumerate(gathered)]
    return gathered


def _minute_of(line: StoryLine) -> datetime:
    return line.at_utc.replace(second=0, microsecond=0)


def _group(loose: Sequence[StoryLine]) -> list[StoryGroup]:
    return [StoryGroup(tuple(loose))] if loose else []


def _untold(entry: LedgerEntry) -> SafeString:
    """An entry of a room that no longer exists: its kind and reason."""
    return format_html("{}. {}", entry.kind.capitalize(), entry.reason)


def anchor_of(policy: Policy, section: str, purpose: str) -> str:
    """The section of an entry; of the general opt-out, which belongs to no purpose, that of its promise."""
    return section or (general_section(policy) if purpose == MARKETING else "")


def general_section(policy: Policy) -> str:
    """The section of the general opt-out; "" where the policy promises none."""
    general = policy.promises.get(OFFERS_PROMISE)
    return general.section if general else ""


def _find_quotation(entry: LedgerEntry, policy: Policy) -> str:
    """The quotation for an entry: the words its purpose or place keeps, else its section's."""
    purpose, place = policy.purposes.get(entry.purpose), policy.collects.get(entry.read(Collected).channel)
    kept = purpose.quotation if purpose else place.quotation if place else ""
    if entry.purpose == MARKETING and OFFERS_PROMISE in policy.promises:
        kept = policy.promises[OFFERS_PROMISE].quotation
    return kept or policy.sentence(entry.section)


def _list_facts(entry: LedgerEntry, policy: Policy, names: Mapping[str, str]) -> "Iterator[tuple[str, str]]":
    recipient = policy.recipients.get(entry.recipient.partition(":")[0])
    if purpose := policy.purposes.get(entry.purpose):
        yield _("For"), purpose.title
    if who := names.get(f"colleague {entry.id}") or reader(entry.who, names):
        yield _("Who"), who
    if recipient:
        yield _("To"), f"{entry.recipient_name} ({in_sentence(recipient.title)})"
    if number := len(entry.kinds):
        yield _("How many"), ngettext("%d kind of data", "%d kinds of data", number) % number


def _clock(at_utc: datetime) -> str:
    """When a use ended at the latest. Until then, its reader could look again without a new entry."""
    return format_time(at_utc, "M j, Y, g:i A T")


def _names(entries: Sequence[LedgerEntry]) -> dict[str, str]:
    """Names for the actors in these entries. Rooms add the names of what is theirs."""
    named = names_of({entry.who for entry in entries}) | _find_undelivered(entries)
    for room in index.rooms():
        if room.names:
            named |= room.names(entries)
    return named


def _list_given(entries: Sequence[LedgerEntry]) -> GivenKinds:
    people = {*{entry.person.int: entry.person for entry in entries}.values()} - {NOBODY}
    collected = [entry for entry in entries if entry.kind == "collected" and entry.who == "person"]
    return _gather(people, ((entry.person, entry.kinds) for entry in collected))


def kinds_given(lines: Iterable[PastLine], people: Collection[UUID]) -> GivenKinds:
    """The kinds of data that each of these people gave themselves, of what occurs in their history."""
    return _gather(people, ((line.giver, line.data) for line in lines if line.giver))


def _gather(people: Collection[UUID], given: Iterable[tuple[UUID, Iterable[str]]]) -> GivenKinds:
    found: dict[UUID, set[str]] = {person: set() for person in people}
    for person, kinds in given:
        found[person].update(kinds)
    shared = set.intersection(*found.values()) if found else set()
    return {person: frozenset(kinds) for person, kinds in [*found.items(), (NOBODY, shared)]}


def _find_undelivered(entries: Sequence[LedgerEntry]) -> dict[str, str]:
    """The emails of disclosures that haven't reached anyone, by the entry's id."""
    mailed = outbox.of_permits([entry.id for entry in entries if entry.kind == "disclosed"])
    return {f"mail {permit}": mail.sentence for permit, mail in mailed.items() if not mail.sent}
