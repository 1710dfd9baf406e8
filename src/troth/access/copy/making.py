"""Reading everything of a few people: one grant a person, and no value twice."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from troth import gate, in_force
from troth.access import looks, story
from troth.collection.forms.types import TYPES
from troth.desk import index
from troth.desk.holding import HeldRow
from troth.desk.topics import question_title
from troth.files import Attached
from troth.gate import facts
from troth.policy import Answer, Kind, Policy
from troth.records import ledger, profile
from troth.records.profile import HeldDatum
from troth.words.keeping import prepare_times
from troth.words.story import Saying
from troth.words.values import in_words, kinds_in_words, refusal_in_words

MOST_AT_ONCE = 500
PURPOSE = "access"


@dataclass(frozen=True)
class CopiedValue:
    """One value. `hidden` says why it is not shown, where the policy does not let it be read."""

    datum: HeldDatum
    title: str
    value: str
    raw: str
    hidden: str
    place: str
    kept: str
    kept_section: str
    uses: Mapping[str, int]
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True)
class CopiedWords:
    """What an entry of the ledger says; entries that say the same share one."""

    kind: str
    text: str
    purpose: str
    section: str
    version: int
    recipient: str
    kinds: tuple[str, ...]
    titles: str
    purpose_title: str
    why: str


class CopiedEntry(NamedTuple):
    """One line of the ledger in words."""

    id: UUID
    at_utc: datetime
    said: CopiedWords


@dataclass(frozen=True)
class CopiedAnswer:
    """One choice, and what it was about in words."""

    said: Answer
    title: str


@dataclass(frozen=True)
class CopiedPerson:
    """The data of one submission: each submission is a person of its own until it is joined to an account."""

    person: UUID
    values: tuple[CopiedValue, ...]
    answers: tuple[CopiedAnswer, ...]
    entries: tuple[CopiedEntry, ...]
    held: tuple[HeldRow, ...] = ()

    @property
    def place(self) -> str:
        """The form in which its first value was given; empty once nothing of it is held."""
        return self.values[0].place if self.values else ""

    @property
    def disclosures(self) -> tuple[CopiedEntry, ...]:
        return tuple([entry for entry in self.entries if entry.said.kind == "disclosed"])


@dataclass(frozen=True)
class Copy:
    organization: str
    version: int
    made_utc: datetime
    people: tuple[CopiedPerson, ...]

    @property
    def files(self) -> tuple[Attached, ...]:
        """All that people sent as files, each once."""
        return tuple(file for person in self.people for value in person.values for file in value.files)

    @property
    def empty(self) -> bool:
        return not any(person.values for person in self.people)


def copy_of(
    people: Sequence[UUID], *, cause: UUID | None, at_utc: datetime, who: str = "person", reason: str = looks.COPY
) -> Copy:
    """Everything that the purpose Access may read of these people. The reading itself is recorded in their histories.

    Takes   who, reason: the person who makes it for them, and why, in their own words.

    Cost    8 queries and a commit a person, and one for each room that holds rows of people.
    Raises  InsideTransaction.   Policy  #access"""
    policy = in_force.policy()
    reader = _Reader(who, reason, cause)
    copied = tuple(_person(policy, person, reader) for person in people)
    return Copy(policy.organization, policy.version, at_utc, copied)


def is_big(people: Sequence[UUID]) -> bool:
    """Whether copying them takes too long for a page, judged by the number of their entries."""
    return len(ledger.Past(people)) > MOST_AT_ONCE


@dataclass(frozen=True)
class _Reader:
    who: str
    reason: str
    cause: UUID | None


def _person(policy: Policy, person: UUID, reader: _Reader) -> CopiedPerson:
    data = profile.list_data(person)
    decisions = gate.decide(person, PURPOSE, sorted({datum.kind for datum in data}))
    values = _read(person, sorted(kind for kind, decision in decisions.items() if decision.allowed), reader)
    entries = ledger.history(person)
    kept, uses = prepare_times(in_force.law()), _uses(policy, entries)
    return CopiedPerson(
        person,
        tuple(
            _value(policy, datum, values.get(datum.id, ""), decisions[datum.kind].code, uses, kept(datum))
            for datum in data
        ),
        tuple(CopiedAnswer(said, question_title(policy, said.question)) for said in facts.answers(person)),
        tuple(_entries(policy, entries)),
        tuple(index.list_held(person)),
    )


def _read(person: UUID, kinds: Sequence[str], reader: _Reader) -> Mapping[UUID, str]:
    if not kinds:
        return {}
    grant = gate.grant(
        person=person, purpose=PURPOSE, kinds=kinds, who=reader.who, reason=reader.reason, cause=reader.cause
    )
    return gate.read_data(grant) if isinstance(grant, gate.Grant) else {}


def _uses(policy: Policy, entries: Iterable[ledger.LedgerEntry]) -> Mapping[str, Mapping[str, int]]:
    """Kind → title of the purpose → how often."""
    times = Counter((entry.kinds, entry.purpose) for entry in entries if entry.kind in ("used", "disclosed"))
    found: dict[str, dict[str, int]] = {}
    for (kinds, purpose), number in times.items():
        for kind in kinds:
            by_title, title = found.setdefault(kind, {}), _purpose(policy, purpose)
            by_title[title] = by_title.get(title, 0) + number
    return found


def _value(
    policy: Policy, datum: HeldDatum, raw: str, code: str, uses: Mapping[str, Mapping[str, int]], kept: str
) -> CopiedValue:
    kind, place = policy.kinds.get(datum.kind), policy.collects.get(datum.channel)
    return CopiedValue(
        datum=datum,
        title=kind.title if kind else datum.kind,
        value=_in_words(kind, raw) if kind and raw else raw,
        raw=TYPES[kind.type].said(raw) if kind else raw,
        files=tuple(TYPES[kind.type].files(raw)) if kind and raw else (),
        hidden="" if raw else refusal_in_words(code),
        place=place.title if place else datum.channel,
        kept=kept,
        kept_section=kind.section if kind else "",
        uses=uses.get(datum.kind, {}),
    )


def _in_words(kind: Kind, raw: str) -> str:
    """The value as pages show it; for a file also its hash, so that anyone can check that it is the same file."""
    hashes = [f"SHA-256 {file.sha256}" for file in TYPES[kind.type].files(raw)]
    return ", ".join([in_words(kind, raw), *hashes])


def _entries(policy: Policy, entries: Sequence[ledger.LedgerEntry]) -> Iterable[CopiedEntry]:
    teller = story.Teller(entries)
    copied: dict[int, CopiedWords] = {}
    for entry in entries:
        said = teller.say(entry)
        # By its address: the teller keeps what it said, and entries for which it is the same differ in nothing below.
        words = copied.get(id(said)) or copied.setdefault(id(said), _copy_words(policy, entry, said))
        yield CopiedEntry(entry.id, entry.at_utc, words)


def _copy_words(policy: Policy, entry: ledger.LedgerEntry, said: Saying) -> CopiedWords:
    return CopiedWords(
        kind=entry.kind,
        text=said.plain,
        purpose=entry.purpose,
        section=said.anchor,
        version=entry.version,
        recipient=entry.recipient_name if entry.recipient else "",
        kinds=entry.kinds,
        titles=kinds_in_words(policy, entry.kinds),
        purpose_title=_purpose(policy, entry.purpose),
        why=said.reason,
    )


def _purpose(policy: Policy, purpose: str) -> str:
    stated = policy.purposes.get(purpose)
    return stated.title if stated else purpose
