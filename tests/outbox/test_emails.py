"""When an email is sent is what the policy says; where it may be silent, what the room says."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from troth import catalog, in_force, policy
from troth.cases import timing
from troth.cases.clocks import Clock
from troth.desk import index
from troth.outbox import emails
from troth.policy.lengths import Duration
from troth.policy.terms import Policy

REFERENCE = (Path(__file__).parents[2] / "examples/optiproerp/policy.md").read_text()
RIGHTS = re.compile(r"(purpose: rights\nwords: \w+\n.*?)emails:\n(?:  [^\n]*\n)+", re.DOTALL)


def stating(rights: str) -> Policy:
    """The reference policy, whose purpose of privacy requests states these emails, or none."""
    changed, times = RIGHTS.subn(lambda rule: rule[1] + (f"{rights}\n" if rights else ""), REFERENCE)
    assert times == 1
    compiled = policy.compile(changed)
    assert compiled.policy, compiled.findings
    return compiled.policy


@pytest.fixture(scope="module")
def silent() -> Policy:
    return stating("")


def test_a_service_email_needs_the_policys_word_and_a_case_email_has_its_rooms(silent: Policy) -> None:
    assert emails.rule_of("quotes/receipt", purpose="quotes", policy=silent)
    assert emails.rule_of("quotes/receipt", purpose="inquiries", policy=silent), "named by that purpose, too"
    assert emails.rule_of("quotes/request", purpose="inquiries", policy=silent) is None
    assert emails.rule_of("requests/notice", purpose="rights", policy=silent) == emails.before(
        Duration(5, "day"), of="request due"
    )


@pytest.mark.parametrize("word", ["emails", "letters"])
def test_the_policys_word_counts_before_the_rooms_under_its_older_name_too(word: str) -> None:
    stated = stating(f"{word}: {{notice: {{before: [10 days], of: [request due]}}}}")
    rule = emails.rule_of("requests/notice", purpose="rights", policy=stated)
    assert rule
    assert rule.before == (Duration(10, "day"),)


@pytest.mark.parametrize(
    ("stated", "day"),
    [("", 26), ("before: [10 days]", 21), ("before: [25 days]", 16), ("after: 20 days", 21), ("after: 90 days", 31)],
)
def test_the_notice_is_sent_at_the_policys_time_and_never_before_half_of_it(
    monkeypatch: pytest.MonkeyPatch, stated: str, day: int
) -> None:
    stated = stated and f"emails: {{notice: {{{stated}, of: [request]}}}}"
    monkeypatch.setattr(in_force, "policy", lambda: stating(stated))
    received, due = (datetime(2026, 5, day, tzinfo=UTC) for day in (1, 31))
    assert timing.notice(Clock(received, None, due, due)).day == day


def test_each_time_of_a_rule_is_a_step_and_the_last_is_the_most_urgent() -> None:
    rule = emails.before(Duration(1, "day"), Duration(14, "day"), Duration(7, "day"), of="license period")
    end = datetime(2026, 6, 30, tzinfo=UTC)
    assert {step: at.day for step, at in emails.times_of(rule, end).items()} == {
        "14 days before": 16,
        "7 days before": 23,
        "1 day before": 29,
    }
    assert list(emails.times_of(rule, end))[-1] == "1 day before"
    assert emails.times_of(None, end) == {}


@pytest.mark.parametrize(
    ("time", "end", "start"),
    [
        ("1 month", "2026-03-31", "2026-02-28"),
        ("2 weeks", "2026-03-31", "2026-03-17"),
        ("1 year", "2024-02-29", "2023-02-28"),
        ("3 business days", "2026-06-10", "2026-06-05"),  # Wednesday, Friday
        ("1 business day", "2026-06-13", "2026-06-12"),  # Saturday
        ("5 business days", "2026-06-08", "2026-06-01"),
    ],
)
def test_so_long_before(time: str, end: str, start: str) -> None:
    duration = Duration.read(time)
    assert duration
    assert duration.before(datetime.fromisoformat(end)) == datetime.fromisoformat(start)


def test_the_check_says_about_which_emails_a_policy_is_silent(silent: Policy) -> None:
    found = {(one.id, one.message.split()[2]) for one in catalog.silent(silent, index.offer())}
    assert ("email-not-timed", "rights") in found
    assert not {purpose for id, purpose in found if id == "email-held-back"}
    stated = stating(
        "emails: {received: {after: 0 hours}, extended: {after: 0 hours}, answered: {after: 0 hours}, "
        "denied: {after: 0 hours}, notice: {before: [5 days]}, erasing: {after: 0 hours}, reply: {after: 0 hours}}"
    )
    assert "rights" not in {one.message.split()[2] for one in catalog.silent(stated, index.offer())}


def test_the_check_warns_of_a_receipt_that_would_be_held_back() -> None:
    text = REFERENCE.replace("  receipt: {after: 0 hours, of: [inquiry received]}\n", "  other: {after: 0 hours}\n")
    compiled = policy.compile(text).policy
    assert compiled
    (found,) = [one for one in catalog.silent(compiled, index.offer()) if one.id == "email-held-back"]
    assert "inquiries" in found.message
    assert "receipt" in found.message
    assert found.severity == "warning"
