"""The law: a table of histories, and a naive oracle that agrees on all others."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.policy.texts import changed, sound

from troth.policy import Answer, Facts, Held, Law, Policy, confirm, decide, explain
from troth.policy.meaning import ALLOWED, CODES, latest

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
TABLE = yaml.safe_load((HERE / "law.yaml").read_text(encoding="utf-8"))
Row = dict[str, Any]


def _versions() -> Mapping[int, Policy]:
    base = confirm((HERE / "base.md").read_text(encoding="utf-8"))
    return {
        number: sound(changed(base, ("version: 1", f"version: {number}"), *swaps.items()))
        for number, swaps in TABLE["versions"].items()
    }


VERSIONS = _versions()


def facts(row: Row) -> Facts:
    """The facts of one row of the table."""
    kept = NOW + timedelta(days=row["kept_days"]) if "kept_days" in row else None
    held = None
    if "held" in row:
        kind, channel, version = row["held"].split()
        held = Held(kind, channel, int(version), kept)
    return Facts(
        law=Law(VERSIONS, row["current"]),
        purpose=row["purpose"],
        kind=row["kind"],
        held=held,
        answers=answers(row.get("answers", [])),
        now_utc=NOW,
        topic=row.get("topic", ""),
    )


def answers(lines: list[str]) -> tuple[Answer, ...]:
    """Answers from lines `question version yes|no`, a minute after each other."""
    parts = [line.split() for line in lines]
    return tuple(
        Answer(question, int(version), said == "yes", NOW - timedelta(days=1) + timedelta(minutes=minute))
        for minute, (question, version, said) in enumerate(parts)
    )


@pytest.mark.parametrize("row", TABLE["cases"], ids=lambda row: row["says"])
def test_history_is_decided_as_the_table_says(row: Row) -> None:
    decision = decide(facts(row))
    assert decision.code == row["code"]
    assert decision.allowed == (row["code"] in ("stated", "answered"))
    assert decision.version == row["current"]
    if row["code"] != "unknown purpose":
        assert decision.sentence == VERSIONS[row["current"]].purposes[row["purpose"]].quotation != ""
        assert decision.section in ("U4", "U6")


def test_the_table_reaches_every_code() -> None:
    assert {row["code"] for row in TABLE["cases"]} == set(CODES)


@pytest.mark.parametrize("row", TABLE["cases"], ids=lambda row: row["says"])
def test_explanation_agrees_and_quotes_the_prose(row: Row) -> None:
    told = explain(facts(row))
    assert told.decision == decide(facts(row))
    assert told.reason
    assert str(told).startswith("Yes." if told.decision.allowed else "No.")
    assert told.quote in str(told)
    if row["code"] in ("unanswered", "declined"):
        assert any(step.asked.startswith(f"question {row['purpose']}@") for step in told.steps)


def test_introduced_is_where_the_unbroken_use_began() -> None:
    law = Law(VERSIONS, 3)
    assert law.find_introduction("quotes", "email", "form.quote") == 1
    assert law.find_introduction("quotes", "state", "form.quote") == 3
    assert law.find_introduction("newsletter", "phone", "form.quote") == 2
    assert law.find_introduction("newsletter", "country", "form.quote") is None
    assert Law(VERSIONS, 2).find_introduction("quotes", "state", "form.quote") is None


def test_of_two_answers_at_one_instant_the_later_in_order_counts() -> None:
    yes, no = Answer("marketing", 1, True, NOW), Answer("marketing", 1, False, NOW)
    assert latest([yes, no], "marketing") is no
    assert latest([no, yes], "marketing") is yes


HISTORIES = 5000
QUESTIONS = (
    "marketing",
    "quotes",
    "newsletter",
    "quotes@1",
    "quotes@3",
    "newsletter@1",
    "newsletter@2",
    "newsletter/tips",
    "quotes/fairs",
)


def draw_answer(chance: random.Random) -> Answer:
    at_utc = NOW - timedelta(hours=chance.randint(0, 5))
    return Answer(chance.choice(QUESTIONS), chance.randint(0, 4), chance.random() < 0.5, at_utc)


def draw_held(chance: random.Random) -> Held | None:
    until_utc = chance.choice([None, NOW + timedelta(days=chance.randint(-2, 2))])
    held = Held("", chance.choice(["form.quote", "form.news", "fax.in"]), chance.randint(0, 5), until_utc)
    return chance.choice([None, held, held])


def test_the_law_agrees_with_a_naive_reading() -> None:
    """Drawn by chance alone: a library that draws and shrinks took a hundred times as long for each history."""
    seed = random.randrange(2**32)
    chance, seen = random.Random(seed), set()
    for history in range(HISTORIES):
        usual = history % 2 == 0  # half of them are about what a version states, where most answers are possible
        current, purpose = chance.randint(1, 4), chance.choice(["quotes", "newsletter", *["offers"][usual:]])
        kind = "email" if usual else chance.choice(["email", "phone", "state", "name", "shoe"])
        topic = chance.choice(["", "", "tips" if usual and purpose == "newsletter" else "fairs"])
        held, answers = draw_held(chance), [draw_answer(chance) for _answer in range(chance.randint(0, 5))]
        decision = decide(Facts(Law(VERSIONS, current), purpose, kind, held, answers, NOW, topic))
        expected = oracle(current, purpose, kind, held, answers, topic)
        assert decision.code == expected, (seed, current, purpose, kind, held, answers, topic)
        assert decision.allowed == (decision.code in ALLOWED)
        seen.add(decision.code)
    assert len(seen) >= 10, "the table above has them all"


def oracle(current: int, purpose: str, kind: str, held: Held | None, given: list[Answer], topic: str) -> str:
    """The plan's law read word for word, with sets and sorting in place of anything clever."""
    texts = {number: policy for number, policy in VERSIONS.items() if number <= current}
    said = {answer.question: answer for answer in sorted(given, key=lambda answer: answer.at_utc)}

    def states(version: int) -> bool:
        policy = VERSIONS.get(version)
        if policy is None or purpose not in policy.purposes or held is None:
            return False
        rule = policy.purposes[purpose]
        return kind in set(rule.may_use) and held.channel in set(rule.collected_by)

    if purpose not in texts[current].purposes:
        return "unknown purpose"
    rule = texts[current].purposes[purpose]
    yes_at = said[purpose].version if purpose in said and said[purpose].yes else None
    about = f"{purpose}/{topic}"
    refusals = [
        (kind not in rule.may_use, "kind not stated"),
        (topic != "" and topic not in [each.id for each in rule.topics], "topic not stated"),
        (held is None, "not held"),
        (held is not None and held.channel not in rule.collected_by, "channel not stated"),
        (held is not None and held.kept_until_utc is not None and held.kept_until_utc <= NOW, "expired"),
        (rule.marketing and "marketing" in said and not said["marketing"].yes, "opted out"),
        (rule.choice == "sign up" and purpose not in said, "not signed up"),
        (rule.choice in ("sign up", "opt out") and purpose in said and not said[purpose].yes, "said no"),
        (topic != "" and about in said and not said[about].yes, "topic refused"),
        (topic != "" and about not in said and rule.choice == "sign up", "topic not signed up"),
    ]
    for refused, code in refusals:
        if refused:
            return code
    assert held is not None
    if states(held.version) and (rule.choice != "sign up" or (yes_at is not None and states(yes_at))):
        return "stated"
    if yes_at is not None and states(yes_at):
        return "answered"
    silent = [number for number in texts if not states(number)]
    asked = f"{purpose}@{max(silent, default=0) + 1}"
    return {None: "unanswered", True: "answered", False: "declined"}[said[asked].yes if asked in said else None]
