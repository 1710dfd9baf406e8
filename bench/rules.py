"""The adopted law as plain rules over sets, for engines that know no history: what each needs is worked out beforehand.

A rule is one purpose × kind. What a person holds is "email/form.quote/1" (kind, channel, version); what she said yes to
is "newsletter/1" (question, version) or "newsletter@2". No datum is over its time while this runs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from troth.policy import Answer, Held, Law, Purpose

PURPOSES = ("quotes", "inquiries", "newsletter", "convenience", "fixes")
"""Fewer than the policy has, which favors the engines that look at one rule after another."""


@dataclass(frozen=True)
class Opening:
    """Holding any of `held` and a yes to any of `yes` opens."""

    held: tuple[str, ...]
    yes: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """Open to whoever holds any of `stated`, or meets an opening; closed by a no, an opt-out, a missing sign-up."""

    purpose: str
    kind: str
    marketing: bool
    may_refuse: bool
    signed: tuple[str, ...]  # a yes to any of these is needed first; empty: none
    stated: tuple[str, ...]
    openings: tuple[Opening, ...]


@dataclass(frozen=True)
class Facts:
    """A person as the engines see her."""

    id: UUID
    held: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    opted_out: bool


def rules(law: Law) -> list[Rule]:
    return [_rule(law, law.policy.purposes[id], kind) for id in PURPOSES for kind in law.policy.purposes[id].may_use]


def facts(person: UUID, held: Sequence[Held], answers: Sequence[Answer]) -> Facts:
    """What a person holds and last answered to each question."""
    said = {answer.question: answer for answer in answers}  # the last one counts
    return Facts(
        person,
        frozenset(f"{it.kind}/{it.channel}/{it.version}" for it in held),
        frozenset(_answered(it) for it in said.values() if it.yes),
        frozenset(it.question for it in said.values() if not it.yes),
        "marketing" in said and not said["marketing"].yes,
    )


def _answered(answer: Answer) -> str:
    return answer.question if "@" in answer.question else f"{answer.question}/{answer.version}"


def _rule(law: Law, purpose: Purpose, kind: str) -> Rule:
    signs_up = purpose.choice == "sign up"
    stated = [
        f"{kind}/{channel}/{version}"
        for channel in purpose.collected_by
        for version in law.versions
        if law.states(version, purpose.id, kind, channel)
    ]
    return Rule(
        purpose.id,
        kind,
        purpose.marketing,
        purpose.choice != "none",
        tuple(f"{purpose.id}/{version}" for version in law.versions) if signs_up else (),
        () if signs_up else tuple(stated),
        tuple(_openings(law, purpose, kind)),
    )


def _openings(law: Law, purpose: Purpose, kind: str) -> Iterator[Opening]:
    """Channels whose data the same answers open, together."""
    by_answers = sorted((_opening_answers(law, purpose.id, kind, it), it) for it in purpose.collected_by)
    for yes, channels in groupby(by_answers, key=lambda it: it[0]):
        held = [f"{kind}/{channel}/{version}" for _, channel in channels for version in (0, *law.versions)]
        yield Opening(tuple(held), yes)


def _opening_answers(law: Law, purpose: str, kind: str, channel: str) -> tuple[str, ...]:
    agreed = [f"{purpose}/{it}" for it in law.versions if law.states(it, purpose, kind, channel)]
    return (*agreed, f"{purpose}@{law.find_introduction(purpose, kind, channel)}")
