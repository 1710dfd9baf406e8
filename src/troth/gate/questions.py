"""Questions of newer versions that people have not answered: until they do, the gate refuses the use."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from troth.gate import facts
from troth.policy import Answer, Held, Law, Purpose
from troth.policy.meaning import decide_kind, question
from troth.policy.selling import REST, find_refusal, find_selling
from troth.records.law.versions import law as adopted_law


@dataclass(frozen=True)
class KnownChoices:
    """One person as the law sees them."""

    person: UUID
    held: Sequence[Held]
    answers: tuple[Answer, ...]
    region: str = ""


@dataclass(frozen=True)
class OpenQuestion:
    """A question of a version that the person hasn't answered; until they do, nothing happens.

    `kinds`, `places`: titles of what would be used, and of where it came from; `of`: whose data that is."""

    question: str
    purpose: Purpose
    kinds: tuple[str, ...]
    places: tuple[str, ...]
    version: int
    of: tuple[UUID, ...] = ()
    quotation: str = ""
    rests_until_utc: datetime | None = None
    """Until when we don't ask by ourselves, for they opted out of what sells or shares; they may still say yes."""


def learn(people: Sequence[UUID]) -> list[KnownChoices]:
    """What the law knows of these people.   Cost  2 queries, or 3 with choices by region; no value read."""
    held, answers, regions = facts.list_held_of(people), facts.answers_of(people), facts.find_regions(people)
    return [KnownChoices(each, held[each], answers[each], regions[each]) for each in people]


def find_open(people: Sequence[UUID], *, at_utc: datetime) -> list[OpenQuestion]:
    """What these people are asked now.   Cost  2 queries, or 3 with choices by region; no value read."""
    law, known = adopted_law(), learn(people)
    return note_rests(law, list_open(law, known, at_utc), known, people, at_utc)


def list_open(law: Law, known: Sequence[KnownChoices], at_utc: datetime) -> list[OpenQuestion]:
    """The same of people who are known already."""
    found: dict[str, tuple[Purpose, int, list[tuple[UUID, Held]]]] = {}
    for each, people in merge_alike(known, at_utc):
        for purpose in law.policy.purposes.values():
            for held in each.held:
                if (version := _find_unanswered(law, purpose, held, each, at_utc)) is not None:
                    name = question(purpose.id, version)
                    found.setdefault(name, (purpose, version, []))[2].extend((person, held) for person in people)
    return [_gather(law, name, *rest) for name, rest in found.items()]


def note_rests(
    law: Law, found: Sequence[OpenQuestion], known: Sequence[KnownChoices], people: Sequence[UUID], at_utc: datetime
) -> list[OpenQuestion]:
    """The same questions, and until when each rests.   Cost  1 query where one sells or shares, else none.

    Takes   known: what is known of `people`, who share an address, so that an opt-out of one counts for all"""
    selling = find_selling(law.policy).intersection(each.purpose.id for each in found)
    signaled_utc = facts.find_signal(people) if selling else None
    rested = []
    for each in found:
        said = (find_refusal(one.answers, each.purpose.id) for one in known)
        last = max(filter(None, (signaled_utc, *said)), default=None) if each.purpose.id in selling else None
        until_utc = REST.after(last) if last else None
        rested.append(replace(each, rests_until_utc=until_utc if until_utc and until_utc > at_utc else None))
    return rested


def merge_alike(known: Sequence[KnownChoices], at_utc: datetime) -> list[tuple[KnownChoices, list[UUID]]]:
    """Those whom the law sees alike as one, with the newest of their answers, and who they are.

    Someone with a thousand requests differs in a few: each is decided once."""
    groups: dict[object, tuple[KnownChoices, list[UUID]]] = {}
    for each in known:
        last = _find_last(each.answers)
        held = tuple(_describe(one, at_utc) for one in each.held)
        alike = (held, frozenset((one.question, one.version, one.yes) for one in last), each.region)
        merged, people = groups.get(alike, (replace(each, answers=()), []))
        people.append(each.person)
        groups[alike] = replace(merged, answers=_find_last((*merged.answers, *last))), people
    return list(groups.values())


def _find_last(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The latest of each question, as `latest` finds it."""
    last: dict[str, Answer] = {}
    for each in answers:
        if each.question not in last or each.at_utc >= last[each.question].at_utc:
            last[each.question] = each
    return tuple(last.values())


def _describe(held: Held, at_utc: datetime) -> tuple[object, ...]:
    """All that decides about it at this time."""
    over = held.kept_until_utc is not None and held.kept_until_utc <= at_utc
    ended = frozenset(end.purpose for end in held.use_ends if held.is_over(end.purpose, at_utc))
    return held.kind, held.channel, held.version, over, ended


def _gather(law: Law, name: str, purpose: Purpose, version: int, data: Sequence[tuple[UUID, Held]]) -> OpenQuestion:
    # A dict keeps the order in which data was given; a set would not.
    kinds = dict.fromkeys(law.policy.kinds[held.kind].title for _person, held in data)
    collects = law.policy.collects
    places = dict.fromkeys(collects[held.channel].title for _person, held in data if held.channel in collects)
    people = dict.fromkeys(person for person, _held in data)
    return OpenQuestion(name, purpose, tuple(kinds), tuple(places), version, tuple(people))


def _find_unanswered(law: Law, purpose: Purpose, held: Held, each: KnownChoices, at_utc: datetime) -> int | None:
    if held.kind not in purpose.may_use:
        return None
    decision = decide_kind(
        law, purpose.id, held.kind, data=[held], answers=each.answers, now_utc=at_utc, region=each.region
    )
    return law.find_introduction(purpose.id, held.kind, held.channel) if decision.code == "unanswered" else None
