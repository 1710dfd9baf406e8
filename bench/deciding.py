"""`decide`: with facts in memory against other engines and a dictionary, and with its database read.

Gives   figures; stops where another engine answers otherwise than we do.
"""

import random
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from bench import peers
from bench.figures import Figure, ratio
from bench.people import People
from bench.rules import PURPOSES, Facts, facts, rules
from bench.timing import alternately

ASKED = 4_000
TIMED = 1_000
PEOPLE = 400
TARGET_MICROSECONDS = 2.0
TIMES_FASTER = 20
DATABASE_RATIO = 1.5

Question = tuple[UUID, str, str]


class Disagreement(Exception):
    """Another engine answers otherwise on the same rules and facts: nothing may be concluded from its time."""


def in_memory(people: People) -> Iterator[Figure]:
    """Ours and the others', question by question; all answers are compared first."""
    from troth.gate import standings
    from troth.in_force import law

    asked = questions(people.templates[:PEOPLE])
    stands = standings(people.templates[:PEOPLE])
    ours = [(stands[person], purpose, kind) for person, purpose, kind in asked]
    answers = [standing.decide(purpose, kind) for standing, purpose, kind in ours]
    known = dict(zip(asked, answers, strict=True))
    rows, seen = rules(law()), [_facts(person) for person in people.templates[:PEOPLE]]
    others = [make(rows, seen) for make in (peers.cedar, peers.casbin, peers.rego)]
    prepared = {it.name: [it.question(*question) for question in asked] for it in others}
    for it in others:
        compare(it, prepared[it.name], asked, [answer.allowed for answer in answers])
    tasks = {
        "ours": lambda: [standing.decide(purpose, kind) for standing, purpose, kind in ours[:TIMED]],
        "dictionary": lambda: [known[question] for question in asked[:TIMED]],
    } | {it.name: _asking(it, prepared[it.name][:TIMED]) for it in others}
    times = {name: taken / TIMED * 1e6 for name, taken in alternately(tasks, runs=9, budget_seconds=12).items()}
    yield Figure("decide, facts in memory, with reason", times["ours"], "µs", TARGET_MICROSECONDS)
    yield ratio(
        "decide / bare dictionary look-up",
        times["ours"],
        times["dictionary"],
        note=f"dictionary {times['dictionary']:.3f} µs",
    )
    for it in others:
        yield ratio(
            f"{it.name} / decide, same rules and people",
            times[it.name],
            times["ours"],
            target=TIMES_FASTER,
            better="higher",
            note=f"{times[it.name]:.1f} µs; {ASKED:,} answers compared, 0 differ",
        )


def with_database(people: People) -> Iterator[Figure]:
    """`gate.decide` against one prepared select by primary key through the same class of connection."""
    from django.db import connections

    from troth import gate

    some = people.some(500)
    owner = connections["owner"]

    def bare() -> None:
        for person in some:
            with owner.cursor() as cursor:
                cursor.execute(_BARE, [person])
                cursor.fetchone()

    def ours() -> None:
        for person in some:
            gate.decide(person, "newsletter", ["email"])

    times = alternately({"bare": bare, "ours": ours}, runs=15, warm=2)
    yield ratio(
        "decide with its database read / bare indexed select",
        times["ours"],
        times["bare"],
        target=DATABASE_RATIO,
        note=f"{_each(times['ours'])} / {_each(times['bare'])} µs",
    )


def questions(people: Sequence[UUID], *, count: int = ASKED) -> list[Question]:
    """Random people, purposes and kinds, the kinds mostly such as the purpose may use."""
    from troth.in_force import policy

    chance, known = random.Random(7), policy()
    kinds = {purpose: known.purposes[purpose].may_use for purpose in PURPOSES}
    return [
        (chance.choice(people), purpose, chance.choice([*kinds[purpose], "email", "email", "industry"]))
        for purpose in chance.choices(PURPOSES, k=count)
    ]


def compare(peer: peers.Peer, prepared: Sequence[Any], asked: Sequence[Question], expected: Sequence[bool]) -> None:
    """Nothing, if the peer answers each question as expected. Raises Disagreement."""
    for ready, question, ours in zip(prepared, asked, expected, strict=True):
        if peer.allowed(ready) is not ours:
            raise Disagreement(f"{peer.name} answers {question} with {not ours}, we with {ours}.")


def _facts(person: UUID) -> Facts:
    from troth.gate import facts as held

    return facts(person, held.list_held_of([person])[person], held.answers(person))


def _asking(peer: peers.Peer, prepared: Sequence[Any]) -> Any:
    return lambda: [peer.allowed(question) for question in prepared]


def _each(taken: float) -> str:
    return f"{taken / 500 * 1e6:.0f}"


_BARE = (
    "select cohort, yes, no, opted_out, settled_until from standing s join standing_class k on k.id = s.class_id"
    " where person_id = %s"
)
