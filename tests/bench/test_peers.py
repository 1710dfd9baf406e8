"""Other engines answer as we do on the same rules and people: what `make bench` times is the same question."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from bench import peers
from bench.rules import PURPOSES, Facts, facts, rules

from troth.policy import Answer, Held, Law, compile, confirm, decide_kind
from troth.policy.terms import Policy
from troth.records.ids import new_id

NOW = datetime(2026, 11, 1, tzinfo=UTC)
KINDS = ("email", "name", "industry", "visitor")
CHANNELS = ("form.news", "form.register", "form.quote", "staff.entry", "automatic.visit")
QUESTIONS = ("newsletter", "newsletter@2", "convenience", "marketing")


@pytest.fixture(scope="module")
def law() -> Law:
    from bench.surroundings import SITE

    first = (SITE / "versions" / "1.md").read_text(encoding="utf-8")
    start = first.index("purpose: newsletter\n")
    second = first[:start] + first[start:].replace("collected by: [", "collected by: [form.register, ", 1)
    return Law({1: _policy(first), 2: _policy(confirm(second.replace("version: 1\n", "version: 2\n", 1)))}, 2)


@pytest.fixture(scope="module")
def people() -> dict[UUID, tuple[list[Held], list[Answer]]]:
    chance = random.Random(3)
    return dict(_somebody(chance) for _ in range(60))


@pytest.fixture(scope="module")
def seen(people: dict[UUID, tuple[list[Held], list[Answer]]]) -> list[Facts]:
    return [facts(id, held, answers) for id, (held, answers) in people.items()]


@pytest.mark.parametrize("make", [peers.cedar, peers.casbin, peers.rego])
def test_an_engine_answers_each_question_as_the_law_does(
    make: Callable[..., peers.Peer], law: Law, people: dict[UUID, tuple[list[Held], list[Answer]]], seen: list[Facts]
) -> None:
    peer = make(rules(law), seen)

    differing, allowed = [], 0
    for person, purpose, kind in product(people, PURPOSES, KINDS):
        held, answers = people[person]
        ours = decide_kind(law, purpose, kind, data=held, answers=answers, now_utc=NOW).allowed
        allowed += ours
        if peer.allowed(peer.question(person, purpose, kind)) is not ours:
            differing.append((purpose, kind, held, answers))

    assert differing == []
    assert allowed > 50


def _policy(text: str) -> Policy:
    draft = compile(text).draft
    assert draft is not None
    return draft


def _somebody(chance: random.Random) -> tuple[UUID, tuple[list[Held], list[Answer]]]:
    held = [
        Held(chance.choice(KINDS), chance.choice(CHANNELS), chance.randint(0, 2), None)
        for _ in range(chance.randint(1, 4))
    ]
    return new_id(), (held, list(_answers(chance)))


def _answers(chance: random.Random) -> Iterator[Answer]:
    for number in range(chance.randint(0, 5)):
        question = chance.choice(QUESTIONS)
        version = 2 if "@" in question else chance.randint(1, 2)
        yield Answer(question, version, chance.random() < 0.7, NOW - timedelta(days=9 - number))
