"""Policy updates: what a new version may do with what is already held, and how people are told."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.policy.texts import changed, sound
from tests.visits import SITE

from troth.policy import Answer, Decision, Facts, Held, Law, Policy, decide, diff, publish

NEXT = ("version: 1\n", "version: 2\n")
# Articles would also be chosen by the product that was named when asking for a quote.
CONTENT_FROM_QUOTES = (
    "collected by: [form.register, form.account,",
    "collected by: [form.quote, form.register, form.account,",
)
LONGER = (
    ("The cart is kept for 90 days", "The cart is kept for 100 days"),
    ("The cart is kept for 90 days", "The cart is kept for 100 days"),  # the rule quotes it
    ("{for: 90 days, after: collection}", "{for: 100 days, after: collection}"),
)
NOW = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def text() -> str:
    return (SITE / "policy.md").read_text(encoding="utf-8")


def alices_product(law: Law, *answers: Answer) -> Decision:
    """May the product that Alice named in version 1, asking for a quote, choose her articles?"""
    held = Held("product", "form.quote", 1, NOW + timedelta(days=600))
    return decide(Facts(law, "content", "product", held, answers, NOW))


def versions(text: str) -> tuple[Policy, Policy]:
    return sound(text), sound(changed(text, NEXT, CONTENT_FROM_QUOTES))


@pytest.mark.clause("P1")
def test_P1_a_use_not_stated_when_the_data_was_given_is_found_by_comparing_the_rules(text: str) -> None:
    old, new = versions(text)
    (asked,) = [change for change in diff(old, new) if change.class_ == "ask"]
    assert (asked.purpose, asked.section, asked.question) == ("content", "U3", "content@2")
    assert asked.kinds == ("product",)
    assert asked.sentence == "Content would also use Product that we already hold."


@pytest.mark.clause("P2")
def test_P2_until_she_answers_the_new_use_does_not_happen_and_her_answer_counts_for_her(text: str) -> None:
    old, new = versions(text)
    law = Law({1: old, 2: new}, 2)
    refused = alices_product(law)
    assert (refused.allowed, refused.code, refused.section) == (False, "unanswered", "U3")
    assert refused.sentence in new.purposes["content"].quotation
    assert alices_product(law, Answer("content@2", 2, True, NOW)).code == "answered"
    assert alices_product(law, Answer("content@2", 2, False, NOW)).code == "declined"


@pytest.mark.clause("P3")
def test_P3_a_material_change_that_uses_nothing_anew_is_told_and_asks_nobody(text: str) -> None:
    found = diff(sound(text), sound(changed(text, NEXT, *LONGER)))
    assert [(change.class_, change.sentence) for change in found] == [
        ("notify", "Cart: now kept 100 days. It was 90 days.")
    ]


@pytest.mark.clause("P5")
def test_P5_the_page_of_a_version_says_in_words_what_changed_and_where(text: str) -> None:
    old, new = versions(text)
    page = publish(new, old)
    assert [change.sentence for change in page.changes] == ["Content would also use Product that we already hold."]
    assert [section.anchor for section in page.sections if section.changed] == ["U3"]
    assert publish(old).changes == ()
