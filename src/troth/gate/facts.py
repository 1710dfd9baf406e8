"""The standing of people as the database stores it: cohort, masks of answers, and until when they are valid.

alice = standing(person)                    one indexed look-up
alice.decide("quotes", "email")             Decision, from memory
"""

import functools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from troth.gate.compiled import WORD_BITS, CompiledCohort, CompiledLaw, CompiledOrigin
from troth.policy import Answer, Decision, Held, UseEnd, decide_kind
from troth.records import keymark
from troth.records.calls import rows
from troth.records.law.versions import law
from troth.seal import vault

_COLUMNS = "cohort, yes, yes_more, no, no_more, opted_out, settled_until, version"
_NOBODY_HELD = 0  # no cohort has this number


@dataclass(frozen=True, slots=True)
class GateStanding:
    """A person at the gate. `settled_until`, in seconds since 1970: from then on the law checks the data again."""

    person: UUID
    law: CompiledLaw
    cohort: int
    yes: int
    no: int
    opted_out: bool
    settled_until: float

    def decide(self, purpose: str, kind: str) -> Decision:
        """May the purpose use any of their data of this kind now?   Cost  none while settled, else 2 or 3 queries."""
        if time.time() >= self.settled_until:
            return _look([self.person], purpose, [kind])[self.person][kind]
        plan = self.law.plans.get((self.cohort, purpose, kind)) or self.law.plan(self.cohort, purpose, kind)
        return plan.decide(yes=self.yes, no=self.no, opted_out=self.opted_out)

    def decide_each(self, purpose: str, kinds: Sequence[str]) -> dict[str, Decision]:
        """Kind → the same.   Cost  none while settled, else 2 or 3 queries for all of them."""
        if time.time() >= self.settled_until:
            return _look([self.person], purpose, kinds)[self.person]
        return {kind: self.decide(purpose, kind) for kind in kinds}


def standing(person: UUID) -> GateStanding:
    """For unknown or erased people, every kind is "not held".   Cost  1 query."""
    found = rows(f"select {_COLUMNS} from standing_of(%s)", [person])
    return _standing(person, found[0]) if found else _nobody(person)


def decide_all(people: Sequence[UUID], purpose: str, kind: str) -> Mapping[UUID, tuple[GateStanding, Decision]]:
    """Person → standing, and whether the purpose may use any of their data of this kind now.

    Cost  1 query for all; 2 or 3 more for all of those who are not settled."""
    found, now = standings(people), time.time()
    due = [it for it, each in found.items() if now >= each.settled_until]
    looked = _look(due, purpose, [kind]) if due else {}
    return {it: (each, looked[it][kind] if it in looked else each.decide(purpose, kind)) for it, each in found.items()}


def find_signal(people: Sequence[UUID]) -> datetime | None:
    """When a browser of one of these people last began to ask not to sell or share their data.   Cost  1 query."""
    signals = "select max(it.at_utc) from unnest(%s::uuid[]) who, history(who) it where it.kind = 'signal'"
    found: datetime | None = rows(signals, [list(people)])[0][0]
    return found


def list_signaled(people: Sequence[UUID]) -> frozenset[UUID]:
    """Those of them whose browser asked not to sell or share their data.   Cost  1 query."""
    signals = "select who from unnest(%s::uuid[]) who where exists (select from history(who) e where e.kind = 'signal')"
    return frozenset(row[0] for row in rows(signals, [list(people)]))


def standings(people: Sequence[UUID]) -> Mapping[UUID, GateStanding]:
    """Person → standing, for all of them.   Cost  1 query."""
    found = rows(f"select person, {_COLUMNS} from standings_of(%s)", [list(people)])
    known = {row[0]: _standing(row[0], row[1:]) for row in found}
    return {person: known.get(person) or _nobody(person) for person in people}


def topic_codes(people: Sequence[UUID], purpose: str, topic: str) -> Mapping[UUID, str]:
    """Person → why the topic is closed, or "".   Cost  1 query."""
    return dict(rows("select person, code from topic_codes(%s, %s, %s)", [list(people), purpose, topic]))


def read_compiled() -> CompiledLaw:
    """The adopted law, compiled.   Cost  1 small query.   Raises  NothingAdopted."""
    now = law()
    return _compile(tuple((number, policy.sha256) for number, policy in now.versions.items()))


_HELD = """
    select p, kind, channel, version, kept_until_utc, purposes, untils from unnest(%s::uuid[]) p, lateral (
        select distinct on (kind, channel, version, purposes, untils)
               kind, channel, version, kept_until_utc, purposes, untils,
               min(place) over (partition by kind, channel, version, purposes, untils) as first
        from held(p) with ordinality as it (kind, channel, version, kept_until_utc, purposes, untils, place)
        order by kind, channel, version, purposes, untils, kept_until_utc desc nulls first
    ) alike order by first
"""
_ANSWERS = """
    select p, question, version, yes, chosen_utc from unnest(%s::uuid[]) p,
        lateral answers(p) with ordinality as it (question, version, yes, chosen_utc, place) order by place
"""


def list_held_of(people: Sequence[UUID]) -> Mapping[UUID, Sequence[Held]]:
    """Of data that the law sees alike, the one kept longest: no other of them comes closer to a yes. Oldest first.

    Cost  1 query"""
    found: dict[UUID, list[Held]] = {person: [] for person in people}
    for person, kind, channel, version, until_utc, purposes, untils in rows(_HELD, [[*people]]):
        found[person].append(Held(kind, channel, version, until_utc, tuple(map(UseEnd, purposes, untils))))
    return found


def answers_of(people: Sequence[UUID]) -> Mapping[UUID, tuple[Answer, ...]]:
    """Oldest first.   Cost  1 query"""
    found: dict[UUID, list[Answer]] = {person: [] for person in people}
    for person, *said in rows(_ANSWERS, [[*people]]):
        found[person].append(Answer(*said))
    return {person: tuple(said) for person, said in found.items()}


def answers(person: UUID) -> tuple[Answer, ...]:
    """The same of one person."""
    return answers_of([person])[person]


def find_regions(people: Sequence[UUID]) -> Mapping[UUID, str]:
    """Where each lives, as `troth.policy.regions` names it; "" where that isn't known or no choice depends on it.

    Cost  1 query where a choice does."""
    if not any(purpose.by_region for purpose in law().policy.purposes.values()):
        return dict.fromkeys(people, "")
    return dict(rows("select p, region_held(p) from unnest(%s::uuid[]) p", [[*people]]))


def find_region(person: UUID) -> str:
    """The same of one person."""
    return find_regions([person])[person]


def verify_key() -> None:
    """Nothing, if this process has the master key of the database. Raises WrongMasterKey with what to do."""
    with connection.cursor() as cursor:
        keymark.verify(cursor, vault())


def forget() -> None:
    """Clears this process's cache of law and cohorts, for when the database was replaced."""
    _compile.cache_clear()
    _current.cache_clear()


def _standing(person: UUID, row: tuple[Any, ...]) -> GateStanding:
    cohort, yes, yes_more, no, no_more, opted_out, settled_until, version = row
    yes, no = _mask(yes, yes_more), _mask(no, no_more)
    return GateStanding(person, _current(version), cohort, yes, no, opted_out, settled_until)


def _nobody(person: UUID) -> GateStanding:
    return GateStanding(person, read_compiled(), _NOBODY_HELD, 0, 0, False, float("inf"))


def _mask(word: int, more: Sequence[int] | None) -> int:
    for place, each in enumerate(more or (), start=1):
        word |= each << WORD_BITS * place
    return word


def _look(people: Sequence[UUID], purpose: str, kinds: Sequence[str]) -> dict[UUID, dict[str, Decision]]:
    """The law itself, with the people's present data and answers."""
    known, said, lives = list_held_of(people), answers_of(people), find_regions(people)
    adopted, now = law(), datetime.now(UTC)
    return {
        it: {
            kind: decide_kind(adopted, purpose, kind, data=known[it], answers=said[it], now_utc=now, region=lives[it])
            for kind in kinds
        }
        for it in people
    }


@functools.lru_cache(maxsize=2)
def _current(version: int) -> CompiledLaw:
    return read_compiled()


@functools.lru_cache(maxsize=2)
def _compile(versions: tuple[tuple[int, str], ...]) -> CompiledLaw:
    questions = rows("select question, version_id, bit from law_question")
    return CompiledLaw(law(), {(question, version): bit for question, version, bit in questions}, _read_cohort)


def _read_cohort(cohort: int) -> CompiledCohort:
    found = rows(
        "select c.region, o.kind, o.channel, o.version, o.expired, o.ended"
        " from cohort c join origin o on o.id = any (c.origins) where c.id = %s",
        [cohort],
    )
    origins = [
        CompiledOrigin(kind, channel, version, expired, tuple(ended))
        for _, kind, channel, version, expired, ended in found
    ]
    return CompiledCohort(origins, found[0][0] if found else "")
