"""A way of collecting that keeps its purposes apart: what came in for one is used for no other."""

from datetime import UTC, datetime

import pytest
from tests.policy.texts import changed, sound

from troth.policy import Facts, Held, Law, Policy, decide, diff

NOW = datetime(2026, 11, 2, tzinfo=UTC)
V2 = (("version: 1", "version: 2"), ("effective: 2026-10-01", "effective: 2026-11-01"))
V3 = (("version: 2", "version: 3"), ("effective: 2026-11-01", "effective: 2026-12-01"))
SHARED = (
    ("for: [quotes]", "for: [quotes, newsletter]"),
    ("collected by: [form.news]", "collected by: [form.news, form.quote]"),
)
APART = ("for: [quotes, newsletter]\n", "for: [quotes, newsletter]\napart: yes\n")


@pytest.fixture(scope="module")
def shared(calder: Policy) -> Policy:
    return sound(changed(calder.text, *SHARED))


@pytest.fixture(scope="module")
def apart(shared: Policy) -> Policy:
    return sound(changed(shared.text, *V2, APART))


def decide_about(law: Law, purpose: str, channel: str, version: int) -> str:
    return decide(Facts(law, purpose, "email", Held("email", channel, version, None), (), NOW)).code


def test_each_part_is_used_for_its_own_purpose_and_what_came_before_by_the_rules_of_its_version(
    shared: Policy, apart: Policy
) -> None:
    law = Law({1: shared, 2: apart}, 2)
    assert decide_about(law, "quotes", "form.quote/quotes", 2) == "stated"
    assert decide_about(law, "newsletter", "form.quote/quotes", 2) == "channel not stated"
    assert decide_about(law, "quotes", "form.quote/newsletter", 2) == "channel not stated"
    for purpose in ("quotes", "newsletter"):
        assert decide_about(law, purpose, "form.quote", 1) == decide_about(
            Law({1: shared}, 1), purpose, "form.quote", 1
        )


def test_it_narrows_and_another_purpose_that_takes_a_part_later_asks(shared: Policy, apart: Policy) -> None:
    assert {change.class_ for change in diff(shared, apart)} == {"narrows"}
    alone = sound(changed(apart.text, *V3, ("for: [quotes, newsletter]\n", "for: [quotes]\n")))
    classes = [(change.class_, change.purpose) for change in diff(apart, alone, earlier=(shared,))]
    assert ("ask", "newsletter") in classes, "Of what came in for quotes, it would take all."
    assert classes[0][0] == "refused", "What came in for the newsletter could not even be shown."
