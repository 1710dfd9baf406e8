"""For random pairs of policies and people: no use that the version of collection did not state and nobody accepted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.policy import Answer, Ask, Facts, Held, Law, Policy, Purpose, decide, diff, question
from troth.policy.meaning import latest
from troth.policy.parting import divide
from troth.policy.terms import STRENGTH, RegionChoice

KINDS, CHANNELS, PURPOSES = ("name", "email", "phone"), ("form.quote", "form.news"), ("quotes", "newsletter", "calls")
REGIONS = ("EEA", "US", "else")
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def some(values: Sequence[str], *, least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(values), min_size=least).map(lambda found: tuple(sorted(found)))


@st.composite
def purposes(draw: st.DrawFn) -> dict[str, Purpose]:
    made = {}
    for id in draw(some(PURPOSES)):
        uses = draw(some(KINDS, least=1))
        choices = draw(st.lists(st.sampled_from(["none", "opt out", "sign up"]), min_size=1, max_size=3))
        marketing = "none" not in choices and draw(st.booleans())
        choice = max(choices, key=STRENGTH.__getitem__)
        named = zip(REGIONS[-len(choices) :], choices, strict=True) if len(choices) > 1 else ()
        channels = draw(some(CHANNELS, least=1))
        made[id] = Purpose(
            id,
            id.title(),
            "",
            uses[:1],
            uses,
            channels,
            choice,
            marketing,
            (),
            (),
            "U6",
            by_region=tuple(RegionChoice(*each) for each in named),
        )  # type: ignore[arg-type]  # drawn strings, not the literals that they equal
    return made


ANSWERS = st.lists(
    st.builds(
        Answer,
        question=st.sampled_from(
            [*PURPOSES, *(question(id, number) for id in PURPOSES for number in (1, 2)), "marketing"]
        ),
        version=st.sampled_from([1, 2]),
        yes=st.booleans(),
        at_utc=st.integers(1, 400).map(lambda days: NOW - timedelta(days=days)),
    ),
    max_size=5,
)


@pytest.fixture(scope="module")
def pair(calder: Policy) -> tuple[Policy, Policy]:
    collects = {
        id: replace(collect, asks=tuple(Ask(kind, False, "", ()) for kind in KINDS))
        for id, collect in calder.collects.items()
        if id in CHANNELS
    }
    return replace(calder, collects=collects), replace(calder, collects=collects, version=2)


def states(policy: Policy, purpose: str, kind: str, channel: str) -> bool:
    rule = policy.purposes.get(purpose)
    return rule is not None and kind in rule.may_use and channel in rule.collected_by


@settings(max_examples=60)
@given(
    purposes(), purposes(), ANSWERS, st.sampled_from(PURPOSES), st.sampled_from(KINDS), st.sampled_from(CHANNELS),
    st.sampled_from([0, 1, 2]), st.sampled_from([*REGIONS, "US-TX", ""]),
)  # fmt: skip
def test_whatever_is_allowed_was_stated_at_collection_or_accepted_since(
    pair: tuple[Policy, Policy],
    before: dict[str, Purpose],
    after: dict[str, Purpose],
    answers: list[Answer],
    purpose: str,
    kind: str,
    channel: str,
    version: int,
    region: str,
) -> None:
    known = {1: replace(pair[0], purposes=before), 2: replace(pair[1], purposes=after)}
    use = (purpose, kind, channel)
    decision = decide(
        Facts(Law(known, 2), purpose, kind, Held(kind, channel, version, None), answers, NOW, region=region)
    )
    if not decision.allowed:
        return
    asked = {purpose: None, question(purpose, 1): 1, question(purpose, 2): 2}
    said = [(answer, number) for name, number in asked.items() if (answer := latest(answers, name)) and answer.yes]
    accepted = any(states(known[number or answer.version], *use) for answer, number in said)
    assert states(known[2], *use), "nothing is allowed that the version in force doesn't state"
    assert accepted or (version in known and states(known[version], *use))
    choice = after[purpose].choice_in(region)
    assert accepted or choice != "sign up", "nobody is signed up by silence"
    no = latest(answers, purpose)
    assert choice == "none" or no is None or no.yes


def keep_apart(policy: Policy, purposes: dict[str, Purpose], apart: tuple[str, ...]) -> Policy:
    """The policy of these purposes, of which the form keeps some apart."""
    form = replace(policy.collects["form.quote"], purposes=apart, apart=bool(apart))
    return divide(replace(policy, purposes=purposes, collects={**policy.collects, form.id: form}))


@settings(max_examples=40)
@given(purposes(), purposes(), some(PURPOSES), some(PURPOSES))
def test_whatever_a_new_version_would_do_with_stored_data_is_asked_or_refused(
    pair: tuple[Policy, Policy],
    before: dict[str, Purpose],
    after: dict[str, Purpose],
    apart_before: tuple[str, ...],
    apart_after: tuple[str, ...],
) -> None:
    old, new = keep_apart(pair[0], before, apart_before), keep_apart(pair[1], after, apart_after)
    changes = diff(old, new)
    asked = {(change.purpose, kind) for change in changes if change.class_ == "ask" for kind in change.kinds}
    for purpose in after:
        for kind in KINDS:
            added = [
                each
                for each in old.collects
                if states(new, purpose, kind, each) and not states(old, purpose, kind, each)
            ]
            assert bool(added) == ((purpose, kind) in asked)
