"""Every clock at chosen moments: leap years, summer time, weekends, holidays."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from troth.cases import clocks
from troth.catalog.calendar import Calendar
from troth.policy.lengths import Duration

CALIFORNIA = ZoneInfo("America/Los_Angeles")
BERLIN = ZoneInfo("Europe/Berlin")
US, GERMANY = Calendar("US"), Calendar("DE")


def noon(day: str, zone: ZoneInfo = CALIFORNIA) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=zone).astimezone(UTC)


def last_day(end: datetime, zone: ZoneInfo = CALIFORNIA) -> str:
    """The last day on which an answer is in time: the end is the midnight after it, by the clock there."""
    local = end.astimezone(zone)
    assert (local.hour, local.minute) == (0, 0)
    return str((local - timedelta(minutes=1)).date())


@pytest.mark.parametrize(
    ("received", "last"),
    [
        ("2026-11-23", "2026-12-23"),
        ("2027-02-01", "2027-03-03"),  # no leap year
        ("2028-02-01", "2028-03-02"),  # leap year
        ("2028-02-29", "2028-03-30"),
        ("2026-12-31", "2027-01-30"),
        ("2026-10-15", "2026-11-14"),  # over the end of summer time
        ("2027-03-01", "2027-03-31"),  # over its beginning
    ],
)
def test_thirty_days_of_the_policy(received, last):
    clock = clocks.question(noon(received), CALIFORNIA, US, promised=Duration(30, "day"))
    assert last_day(clock.due) == last


def test_a_request_at_night_counts_for_the_day_at_the_vendor():
    # 06:30 UTC on the 2nd is still the 1st in California
    clock = clocks.question(datetime(2026, 6, 2, 6, 30, tzinfo=UTC), CALIFORNIA, US)
    assert last_day(clock.due) == "2026-07-01"


@pytest.mark.parametrize(
    ("received", "confirm", "answer", "extended"),
    [
        ("2026-11-23", "2026-12-08", "2027-01-07", "2027-02-21"),  # Thanksgiving between
        ("2026-12-18", "2027-01-05", "2027-02-01", "2027-03-18"),  # Christmas and New Year on Fridays
        ("2027-06-30", "2027-07-15", "2027-08-14", "2027-09-28"),  # the 4th on a Sunday, kept on Monday
        ("2028-01-15", "2028-01-31", "2028-02-29", "2028-04-14"),  # came in on a Saturday; leap year
    ],
)
def test_ccpa_is_confirmed_in_ten_business_days_and_answered_in_45_and_45_more(received, confirm, answer, extended):
    clock = clocks.ccpa(noon(received), CALIFORNIA, US)
    assert clock.confirm is not None
    assert (last_day(clock.confirm), last_day(clock.law)) == (confirm, answer)
    assert last_day(clocks.ccpa_extended(clock, CALIFORNIA).due) == extended


def test_the_policys_promise_outruns_the_statute():
    clock = clocks.ccpa(noon("2026-11-23"), CALIFORNIA, US, promised=Duration(30, "day"))
    assert (last_day(clock.due), last_day(clock.law)) == ("2026-12-23", "2027-01-07")
    longer = clocks.ccpa(noon("2026-11-23"), CALIFORNIA, US, promised=Duration(60, "day"))
    assert last_day(longer.due) == "2027-01-07"


@pytest.mark.parametrize(
    ("received", "last"),
    [
        ("2026-11-23", "2026-12-15"),  # Thanksgiving
        ("2026-06-01", "2026-06-23"),  # Juneteenth
        ("2026-12-10", "2027-01-04"),  # Christmas, New Year
    ],
)
def test_opt_out_within_fifteen_business_days(received, last):
    clock = clocks.opt_out(noon(received), CALIFORNIA, US)
    assert last_day(clock.due) == last
    assert clock.confirm is None


@pytest.mark.parametrize(("designated", "last"), [(True, "2027-01-30"), (False, "2027-05-30")])
def test_civil_code_1798_83_has_30_days_at_the_designated_address_and_150_elsewhere(designated, last):
    assert last_day(clocks.disclosures(noon("2026-12-31"), CALIFORNIA, US, designated=designated).law) == last


@pytest.mark.parametrize(
    ("received", "last"),
    [
        ("2026-11-23", "2026-12-23"),
        ("2027-01-31", "2027-03-01"),  # no 31 February: the 28th is a Sunday, so Monday
        ("2028-01-31", "2028-02-29"),  # leap year
        ("2026-03-28", "2026-04-28"),  # over the beginning of summer time
        ("2026-09-03", "2026-10-05"),  # 3 October is a Saturday and a holiday
        ("2026-11-25", "2026-12-28"),  # Christmas on Friday, then Saturday and Sunday
        ("2026-12-01", "2027-01-04"),  # New Year on a Friday
        ("2026-08-31", "2026-09-30"),
    ],
)
def test_a_month_ends_as_the_regulation_says(received, last):
    end = clocks.months_after(noon(received, BERLIN), 1, BERLIN, GERMANY)
    assert last_day(end, BERLIN) == last


def test_the_gdpr_has_one_month_and_two_more_and_with_california_the_sooner_of_both():
    european = clocks.gdpr(noon("2026-12-01", BERLIN), BERLIN, GERMANY, promised=Duration(10, "day"))
    assert (last_day(european.due, BERLIN), last_day(european.law, BERLIN)) == ("2026-12-11", "2027-01-04")
    assert last_day(clocks.gdpr_extended(european, BERLIN, GERMANY).due, BERLIN) == "2027-03-01"
    californian = clocks.ccpa(noon("2026-12-01", BERLIN), BERLIN, GERMANY)
    both = clocks.sooner(european, californian)
    assert (both.confirm, both.due, both.law) == (californian.confirm, european.due, european.law)


def test_a_policy_that_declares_a_month_gets_the_month_of_the_regulation():
    end = clocks.promise_end(noon("2027-01-31", BERLIN), Duration(1, "month"), BERLIN, GERMANY)
    assert last_day(end, BERLIN) == "2027-03-01"
    assert last_day(clocks.promise_end(noon("2026-11-23"), Duration(2, "week"), CALIFORNIA, US)) == "2026-12-07"
    assert clocks.promise_end(noon("2026-11-23"), Duration(2, "hour"), UTC, US) == noon("2026-11-23") + timedelta(
        hours=2
    )


def test_reminders_come_at_50_80_and_100_percent():
    clock = clocks.question(noon("2026-06-01"), CALIFORNIA, US)
    whole = clock.due - clock.received
    shares = [(clock.at_share(share) - clock.received) / whole for share in clocks.REMINDERS]
    assert shares == [0.5, 0.8, 1]


@pytest.mark.clause("A4")
def test_the_notice_is_on_day_25_of_30():
    clock = clocks.question(noon("2026-06-01"), CALIFORNIA, US, promised=Duration(30, "day"))
    notice = clock.notice(clock.due - timedelta(days=5))
    assert notice == clock.due - timedelta(days=5)
    assert notice.astimezone(CALIFORNIA).date() == date(2026, 6, 27)  # the midnight that ends day 25
    short = clocks.question(noon("2026-06-01"), CALIFORNIA, US, promised=Duration(4, "day"))
    assert short.received < short.notice(short.due - timedelta(days=5)) < short.due


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, {"01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "09-07", "10-12", "11-11", "11-26", "12-25"}),
        (
            2027,
            {
                "01-01",
                "01-18",
                "02-15",
                "05-31",
                "06-18",
                "07-05",
                "09-06",
                "10-11",
                "11-11",
                "11-25",
                "12-24",
                "12-31",
            },
        ),
    ],
)
def test_federal_holidays_are_those_that_are_observed(year, days):
    whole = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    closed = {day for day in whole if day.year == year and day.weekday() < 5 and not US.is_business_day(day)}
    assert closed == {date.fromisoformat(f"{year}-{day}") for day in days}


def test_the_log_reaches_back_24_months():
    assert clocks.months_before(datetime(2028, 2, 29, tzinfo=UTC), 24) == datetime(2026, 2, 28, tzinfo=UTC)
