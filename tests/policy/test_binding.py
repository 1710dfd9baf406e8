"""Prose and rules hold each other: words are confirmed by somebody, quotations stand in the prose."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy.texts import changed, sound

from troth.policy import Duration, Policy, compile, confirm, confirmations
from troth.policy.sentences import find_around, first_sentence, strip_markdown
from troth.policy.source import plain

LANGUAGE = Path(__file__).parent.parent.parent / "docs" / "policy-language.md"
START = datetime(2026, 1, 31, 12, tzinfo=UTC)


def test_changed_words_must_be_confirmed_and_then_hold(base: str) -> None:
    text = base.replace("It may carry offers.", "It may carry offers of ours.")
    (finding,) = compile(text).findings
    assert finding.id == "binding-not-confirmed"
    (found,) = confirmations(text)
    assert (found.rule, found.section) == ("purpose newsletter", "U4")
    assert found.prose.endswith("It may carry offers of ours.")
    assert found.before != found.binding_hash
    sound(confirm(text))


def test_confirming_changes_nothing_else(base: str) -> None:
    assert confirm(base) == base
    stripped = re.sub(r"^words: .*\n", "", base, flags=re.MULTILINE)
    assert confirm(stripped) == base
    assert len(confirmations(stripped)) == base.count("\nwords: ")


def test_confirming_keeps_line_ends_and_mark(base: str) -> None:
    windows = "\ufeff" + re.sub(r"^words: .*\n", "", base, flags=re.MULTILINE).replace("\n", "\r\n")
    confirmed = confirm(windows)
    assert confirmed == "\ufeff" + base.replace("\n", "\r\n")
    assert {finding.id for finding in compile(confirmed).findings} == {"line-ends", "byte-order-mark"}
    assert compile(confirmed).policy is not None


def test_white_space_does_not_loosen_a_binding(base: str) -> None:
    sound(
        base.replace("may answer, for that", "may  answer,\nfor that").replace(
            "sign up for it. It", "sign up for it.\nIt"
        )
    )


def test_the_hash_is_of_the_text_as_given(base: str) -> None:
    import hashlib

    assert sound(base).sha256 == hashlib.sha256(base.encode()).hexdigest()
    assert sound(base).text == base


def test_words_to_quote_are_those_kept_or_the_first_sentence(calder: Policy) -> None:
    assert calder.sentence("U6") == calder.purposes["quotes"].quotation == "for that request and for nothing else"
    assert calder.sentence("U4") == "A newsletter comes only if you sign up for it."
    assert calder.sentence("nowhere") == calder.sentence("") == ""
    section = calder.section_of("quotes")
    assert section is not None
    assert section.title == "Quotes"
    assert calder.section_of("offers") is None


def test_a_quotation_may_be_typed_with_other_quotation_marks(base: str) -> None:
    sound(
        changed(
            base,
            ("We write to you when this", "We'll write to you when this"),
            ("law: [change notice]", 'law: [change notice]\nkeeps: ["We’ll write to you"]'),
        )
    )


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("*We* write to **you**. Then we stop.", "We write to you."),
        ("Write to [us](mailto:a@b.example), please! Now.", "Write to us, please!"),
        ("- One thing\n- Another", "One thing Another"),
        ("See [![our seal](seal.png)](/seal) here. Then go.", "See our seal here."),
        ("Wait 3.5 days. Go.", "Wait 3.5 days."),
        ("Civil Code snake_case_name and `code`.", "Civil Code snake_case_name and code."),
    ],
)
def test_first_sentence_is_spoken_words(markdown: str, words: str) -> None:
    assert first_sentence(markdown) == words
    assert words in strip_markdown(markdown)
    assert find_around(strip_markdown(markdown), words[1:-2]) == words


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("24 hours", START + timedelta(hours=24)),
        ("1 month", datetime(2026, 2, 28, 12, tzinfo=UTC)),
        ("24 months", datetime(2028, 1, 31, 12, tzinfo=UTC)),
        ("7 years", datetime(2033, 1, 31, 12, tzinfo=UTC)),
        ("2 weeks", START + timedelta(days=14)),
        ("1 business day", datetime(2026, 2, 2, 12, tzinfo=UTC)),
        ("10 business days", datetime(2026, 2, 13, 12, tzinfo=UTC)),
        ("99999 years", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_a_time_ends_as_the_calendar_says(text: str, end: datetime) -> None:
    duration = Duration.read(text)
    assert duration is not None
    assert duration.after(START) == end


@pytest.mark.parametrize(
    ("text", "later"), [("72 hours", "2027-03-16T02:30-07:00"), ("3 days", "2027-03-16T01:30-07:00")]
)
def test_hours_are_counted_as_they_pass_and_days_as_the_calendar_does(text: str, later: str) -> None:
    before_summer_time = datetime(2027, 3, 13, 1, 30, tzinfo=ZoneInfo("America/Los_Angeles"))
    duration = Duration.read(text)
    assert duration is not None
    assert duration.after(before_summer_time).isoformat("T", "minutes") == later
    assert duration.before(duration.after(before_summer_time)) == before_summer_time
    assert Duration(99999, "year").before(START) == datetime.min.replace(tzinfo=UTC)


@given(st.text(max_size=20))
def test_only_whole_numbers_and_units_are_times(text: str) -> None:
    duration = Duration.read(text)
    assert duration is None or Duration.read(str(duration)) == duration


@given(st.text(max_size=60))
def test_plain_text_has_plain_line_ends(text: str) -> None:
    assert "\r" not in plain(text)


def test_the_example_in_the_language_page_is_right() -> None:
    example = re.findall(r"^````markdown\n(.*?)^````$", LANGUAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    (text,) = example
    findings = compile(confirm(text)).findings
    assert {finding.id for finding in findings} == {
        "law-review-process",
        "law-change-notice",
        "law-do-not-track",
        "law-california-disclosure",
    }
