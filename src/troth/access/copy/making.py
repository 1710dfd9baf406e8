"""Reading everything of a few people: one grant a person, and no value twice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth import gate, in_force
from troth.access import looks, story
from troth.collection.forms.types import TYPES
from troth.desk import index
from troth.desk.room import HeldRow
from troth.desk.topics import question_title
from troth.files import Attached
from troth.gate import facts
from troth.policy import Answer, Kind, Policy
from troth.records import ledger, profile
from troth.records.profile import HeldDatum
from troth.words.keeping import describe_end
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
class CopiedEntry:
    """One line of the ledger in words."""

    id: UUID
    at_utc: datetime
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
    def disclosures(self) -> tuple[CopiedEntry, ...]:
        return tuple(entry for entry in self.entries if entry.kind == "disclosed")


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
    return sum(len(ledger.history(person)) for person in people) > MOST_AT_ONCE


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
    uses = _uses(entries)
    return CopiedPerson(
        person,
        tuple(_value(policy, datum, values.get(datum.id, ""), decisions[datum.kind].code, uses) for datum in data),
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


def _uses(entries: Iterable[ledger.LedgerEntry]) -> Mapping[str, Mapping[str, int]]:
    """Kind → purpose → how often."""
    found: dict[str, dict[str, int]] = {}
    for entry in entries:
        if entry.kind in ("used", "disclosed"):
            for kind in entry.kinds:
                by_purpose = found.setdefault(kind, {})
                by_purpose[entry.purpose] = by_purpose.get(entry.purpose, 0) + 1
    return found


def _value(policy: Policy, datum: HeldDatum, raw: str, code: str, uses: Mapping[str, Mapping[str, int]]) -> CopiedValue:
    kind, place = policy.kinds.get(datum.kind), policy.collects.get(datum.channel)
    return CopiedValue(
        datum=datum,
        title=kind.title if kind else datum.kind,
        value=_in_words(kind, raw) if kind and raw else raw,
        raw=TYPES[kind.type].said(raw) if kind else raw,
        files=tuple(TYPES[kind.type].files(raw)) if kind and raw else (),
        hidden="" if raw else refusal_in_words(code),
        place=place.title if place else datum.channel,
        kept=describe_end(in_force.law().find_retention(datum.kind), datum.kept_until_utc),
        kept_section=kind.section if kind else "",
        uses={_purpose(policy, purpose): times for purpose, times in uses.get(datum.kind, {}).items()},
    )


def _in_words(kind: Kind, raw: str) -> str:
    """The value as pages show it; for a file also its hash, so that anyone can check that it is the same file."""
    hashes = [f"SHA-256 {file.sha256}" for file in TYPES[kind.type].files(raw)]
    return ", ".join([in_words(kind, raw), *hashes])


def _entries(policy: Policy, entries: Sequence[ledger.LedgerEntry]) -> Iterable[CopiedEntry]:
    for entry, line in zip(entries, story.write_story(entries), strict=True):
        yield CopiedEntry(
            id=entry.id,
            at_utc=entry.at_utc,
            kind=entry.kind,
            text=line.plain,
            purpose=entry.purpose,
            section=line.anchor,
            version=entry.version,
            recipient=entry.recipient_name if entry.recipient else "",
            kinds=entry.kinds,
            titles=kinds_in_words(policy, entry.kinds),
            purpose_title=_purpose(policy, entry.purpose),
            why=line.reason,
        )


def _purpose(policy: Policy, purpose: str) -> str:
    stated = policy.purposes.get(purpose)
    return stated.title if stated else purpose
