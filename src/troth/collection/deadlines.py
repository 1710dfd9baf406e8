"""When an answer is due: pure functions of the clock."""

from datetime import datetime, time, tzinfo
from itertools import islice

from troth.catalog.calendar import Calendar

WORKING_DAYS = 2
CLOSING = time(17)


def due(received_utc: datetime, zone: tzinfo, calendar: Calendar) -> datetime:
    """Closing time of the second working day after the request came in, where the vendor sits.

    >>> from zoneinfo import ZoneInfo
    >>> wednesday = datetime.fromisoformat("2026-12-23T22:02:00+00:00")
    >>> due(wednesday, ZoneInfo("America/Los_Angeles"), Calendar("US")).isoformat()
    '2026-12-28T17:00:00-08:00'
    """
    following = calendar.business_days_after(received_utc.astimezone(zone).date())
    return datetime.combine(next(islice(following, WORKING_DAYS - 1, None)), CLOSING, zone)


def working_days(start_utc: datetime, end_utc: datetime, zone: tzinfo, calendar: Calendar) -> int:
    """How many working days began between the two: 0 on the day itself, over a weekend and on holidays."""
    return calendar.count(start_utc.astimezone(zone).date(), end_utc.astimezone(zone).date())
