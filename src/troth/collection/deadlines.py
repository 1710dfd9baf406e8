"""When an answer is due: pure functions of the clock."""

from datetime import datetime, time, timedelta, tzinfo

WORKING_DAYS = 2
CLOSING = time(17)
_SATURDAY = 5


def due(received_utc: datetime, zone: tzinfo) -> datetime:
    """Closing time of the second working day after the request came in, where the vendor sits.

    >>> from zoneinfo import ZoneInfo
    >>> friday = datetime.fromisoformat("2026-11-20T22:02:00+00:00")
    >>> due(friday, ZoneInfo("America/Los_Angeles")).isoformat()
    '2026-11-24T17:00:00-08:00'
    """
    day = received_utc.astimezone(zone).date()
    for _day in range(WORKING_DAYS):
        day += timedelta(days=1)
        while day.weekday() >= _SATURDAY:
            day += timedelta(days=1)
    return datetime.combine(day, CLOSING, zone)


def working_days(start_utc: datetime, end_utc: datetime, zone: tzinfo) -> int:
    """How many working days began between the two: 0 on the day itself and over a weekend."""
    day, last = start_utc.astimezone(zone).date(), end_utc.astimezone(zone).date()
    count = 0
    while day < last:
        day += timedelta(days=1)
        count += day.weekday() < _SATURDAY
    return count
