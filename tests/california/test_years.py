"""Which year an answer is about, and the once-a-year rule, by the vendor's calendar."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from troth.california.years import is_answered_before, lies_in, year_of

IRVINE = ZoneInfo("America/Los_Angeles")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "year"),
    [("2026-11-23T12:00", 2025), ("2027-01-01T07:59", 2025), ("2027-01-01T08:00", 2026), ("2028-02-29T12:00", 2027)],
)
def test_the_answer_is_about_the_last_full_year_where_the_vendor_sits(received, year):
    assert year_of(at(received), IRVINE) == year


@pytest.mark.parametrize(
    ("given", "year", "lies"),
    [("2026-01-01T07:59", 2025, True), ("2026-01-01T08:00", 2025, False), ("2026-01-01T08:00", 2026, True)],
)
def test_a_disclosure_on_new_years_eve_counts_where_the_vendor_sits(given, year, lies):
    assert lies_in(at(given), year, IRVINE) is lies


@pytest.mark.parametrize(
    ("received", "earlier", "before"),
    [
        ("2026-11-23T12:00", [], False),
        ("2026-11-23T12:00", ["2026-01-02T12:00"], True),
        ("2026-11-23T12:00", ["2025-12-31T12:00"], False),
        ("2026-11-23T12:00", ["2026-12-01T12:00"], False),
        ("2027-01-01T08:00", ["2026-12-31T12:00", "2027-01-01T07:59"], False),
    ],
)
def test_it_is_owed_once_in_a_calendar_year(received, earlier, before):
    assert is_answered_before(at(received), map(at, earlier), IRVINE) is before
