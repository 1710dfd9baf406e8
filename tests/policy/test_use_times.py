"""How long a purpose may use a kind: what the page says, what changes mean, and what is refused."""

from datetime import UTC, datetime

import pytest
from tests.policy.texts import changed, sound

from troth.policy import Facts, Held, Law, Policy, UseEnd, compile, confirm, decide, diff, find_say, publish

NOW = datetime(2026, 11, 2, tzinfo=UTC)
V2 = (("version: 1", "version: 2"), ("effective: 2026-10-01", "effective: 2026-11-01"))
SAME = "choice: none\nmarketing: never"


def with_time(text: str, rule: str) -> str:
    return confirm(text.replace(SAME, f"{SAME}\nkept: {rule}", 1))


@pytest.fixture(scope="module")
def timed(calder: Policy) -> Policy:
    return sound(with_time(calder.text, "{phone: {for: 6 months, after: request}}"))


def test_the_page_says_it_of_the_purpose_and_of_the_kind(timed: Policy) -> None:
    rows = [
        row
        for section in publish(timed).sections
        for part in section.parts
        for row in getattr(part, "rows", ())
        if "phone" in row.kinds
    ]
    said = {row.kept_for for row in rows}
    assert "6 months after the request" in said
    assert "24 months after last contact; for Quotes: 6 months after the request" in said
    german = publish(timed, say=find_say("de"))
    assert "für Quotes: 6 Monate nach der Anfrage" in str(german)


def test_a_value_is_over_for_the_purpose_alone(timed: Policy) -> None:
    held = Held("phone", "form.quote", 1, None, (UseEnd("quotes", NOW),))
    other = Held("phone", "form.quote", 1, None, (UseEnd("service", NOW),))
    codes = [decide(Facts(Law({1: timed}, 1), "quotes", "phone", each, (), NOW)).code for each in (held, other)]
    assert codes == ["expired", "stated"]


@pytest.mark.parametrize(
    ("said", "event"),
    [("account closed", "account"), ("case closed", "request"), ("contract end", "license period")],
)
def test_an_event_in_other_words_is_the_same_event(calder: Policy, said: str, event: str) -> None:
    old, new = (with_time(calder.text, f"{{phone: {{for: 6 months, after: {each}}}}}") for each in (event, said))
    assert diff(sound(old), sound(changed(new, *V2))) == ()


@pytest.mark.parametrize(
    ("was", "is_", "class_", "words"),
    [
        ("", "6 months, after: request", "narrows", "may now be used 6 months after the request. It was 24 months"),
        ("6 months, after: request", "3 months, after: request", "narrows", "3 months after the request. It was 6"),
        ("3 months, after: request", "6 months, after: request", "notify", "that you give from now on may be used 6"),
        ("3 months, after: request", "3 months, after: account", "notify", "that you give from now on"),
        ("3 months, after: request", "", "notify", "What we already hold may be used as before: 3 months after the"),
    ],
)
def test_shorter_narrows_and_longer_notifies(calder: Policy, was: str, is_: str, class_: str, words: str) -> None:
    old, new = (with_time(calder.text, f"{{phone: {{for: {each}}}}}") if each else calder.text for each in (was, is_))
    (change,) = diff(sound(old), sound(changed(new, *V2)))
    assert change.class_ == class_
    assert words in change.sentence


@pytest.mark.parametrize(
    ("rule", "finding"),
    [
        ("{phone: {for: 24 months, after: last contact}}", "use-time-not-shorter"),
        ("{company: {for: 6 months, after: request}}", "use-time-unused"),
        ("{nothing: {for: 6 months, after: request}}", "undeclared-kind"),
        ("{phone: {after: request}}", "retention-missing"),
        ("{phone: {for: 6 months, law: The tax code}}", "unknown-key"),
        ("6 months", "wrong-shape"),
    ],
)
def test_what_cannot_be_kept_is_refused(calder: Policy, rule: str, finding: str) -> None:
    assert finding in {found.id for found in compile(with_time(calder.text, rule)).findings}


def test_a_time_that_the_prose_states_is_the_one_of_the_rule(timed: Policy) -> None:
    said = "for nothing else.\nWe keep your phone for %s for this, and answer within 2 days."
    found = [
        {each.id for each in compile(changed(timed.text, ("for nothing else.", said % time))).findings}
        for time in ("six months", "5 months")
    ]
    assert ["time-not-in-prose" in ids for ids in found] == [False, True]
