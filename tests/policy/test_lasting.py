"""Until when a datum is kept, by what happened."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from troth.policy import Duration, KnownEvent, Retention, find_end
from troth.policy.terms import EVENTS, Event

GIVEN, LATER, LAST = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))
ONE, OTHER = UUID(int=1), UUID(int=2)
A_YEAR = Duration(12, "month")
AFTER_GIVEN, AFTER_LATER, AFTER_LAST = (A_YEAR.after(at) for at in (GIVEN, LATER, LAST))


@pytest.mark.parametrize(
    ("after", "events", "until"),
    [
        ("collection", [], AFTER_GIVEN),
        ("collection", [("last contact", ONE, LAST), ("request", ONE, None)], AFTER_GIVEN),
        ("request", [], AFTER_GIVEN),
        ("request", [("request", ONE, None)], None),
        ("request", [("request", ONE, LATER)], AFTER_LATER),
        ("request", [("request", OTHER, None)], AFTER_GIVEN),
        ("last contact", [], AFTER_GIVEN),
        ("last contact", [("last contact", ONE, LAST)], AFTER_LAST),
        ("account", [], AFTER_GIVEN),
        ("account", [("account", ONE, None)], None),
        ("account", [("account", ONE, LATER)], AFTER_LATER),
        ("account", [("account", ONE, LATER), ("account", OTHER, None)], None),
        ("license period", [], None),
        ("license period", [("license period", ONE, LATER), ("license period", OTHER, LAST)], AFTER_LAST),
        ("license period", [("license period", ONE, LATER), ("license period", OTHER, None)], None),
    ],
)
def test_a_time_runs_from_its_own_event(
    after: Event, events: list[tuple[Event, UUID, datetime | None]], until: datetime | None
) -> None:
    happened = [KnownEvent(*each) for each in events]
    assert find_end(Retention(A_YEAR, after), collected_utc=GIVEN, cause=ONE, events=happened) == until


def test_no_event_shortens_what_was_given_later() -> None:
    for event in EVENTS:
        happened = [KnownEvent(event, ONE, GIVEN)]
        assert find_end(Retention(A_YEAR, event), collected_utc=LAST, cause=ONE, events=happened) == AFTER_LAST
