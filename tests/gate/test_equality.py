"""The law in Python and the law in the database say the same of generated histories."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.worlds import kept, policy_text

from troth import gate
from troth.policy import Policy
from troth.records.calls import rows

pytestmark = pytest.mark.django_db(transaction=True)

FORMS = ["form.quote", "form.register"]
KINDS = ["email", "name", "phone", "industry"]
BASE = {
    "needs": ["email"],
    "collected by": FORMS,
    "choice": "none",
    "marketing": "never",
    "recipients": ["distributor"],
}
OFFERS = BASE | {"choice": "opt out", "marketing": "may"}
NEWS = BASE | {"choice": "sign up", "marketing": "may"}
VERSIONS = [
    {"quotes": BASE, "offers": OFFERS | {"collected by": ["form.register"]}, "newsletter": NEWS},
    {
        "quotes": BASE | {"may use": ["name", "industry"]},
        "offers": OFFERS | {"may use": ["industry"]},
        "newsletter": NEWS | {"may use": ["name"], "collected by": ["form.register"]},
        "training": OFFERS | {"marketing": "never"},
    },
    {
        "quotes": BASE | {"may use": ["name", "phone"]},
        "offers": OFFERS | {"may use": ["industry", "name"], "choice": "sign up"},
        "newsletter": NEWS | {"may use": ["name", "industry"]},
    },
]
PURPOSES = ["quotes", "offers", "newsletter", "training", "service", "unheard of"]

version = st.integers(1, len(VERSIONS))
given_data = st.tuples(
    st.sampled_from(FORMS), st.integers(0, len(VERSIONS)), st.sets(st.sampled_from(KINDS), min_size=1)
)
questions = [base + at for base in ("offers", "newsletter", "quotes", "training") for at in ("", "@2", "@3")]
said = st.tuples(st.sampled_from(["marketing", *questions]), version, st.booleans())
steps = st.lists(st.one_of(given_data, said), max_size=9)


def test_law_grant_and_select_agree(adopt: Callable[[str], Policy]) -> None:
    for number, purposes in enumerate(VERSIONS, start=1):
        adopt(policy_text(number, purposes=purposes))
    reachable: dict[tuple[str, str], set[UUID]] = {}

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(first=given_data, later=steps)
    def agree(first: Any, later: Any) -> None:
        channel, under, kinds = first
        person = kept(_values(kinds), channel=channel, version=under).person
        for step in later:
            if isinstance(step[2], bool):
                _say(person, *step)
            else:
                channel, under, kinds = step
                kept(_values(kinds), channel=channel, version=under, person=person)
        for purpose in PURPOSES:
            decisions = gate.decide(person, purpose, KINDS)
            stored = dict(rows(
                "select kind, code from grant_use(%s, %s, %s, %s, 'program:test', 'equality', null, '1 minute')",
                [person, gate.new_id(), purpose, KINDS]))  # fmt: skip
            assert {kind: decision.code for kind, decision in decisions.items()} == stored
            for kind in KINDS:
                reachable.setdefault((purpose, kind), set()).update({person} if decisions[kind].allowed else ())

    agree()
    for (purpose, kind), people in reachable.items():
        assert set(gate.select(purpose, kind)) == people


def _values(kinds: set[str]) -> dict[str, str]:
    return {kind: f"{kind} value" for kind in sorted(kinds)}


def _say(person: UUID, question: str, under: int, yes: bool) -> None:
    try:
        gate.choose(person=person, question=question, version=under, yes=yes, way="test")
    except gate.Refusal as refusal:
        if refusal.code != "unknown question":
            raise  # any other refusal is a fault; that one says the version asked no such thing
