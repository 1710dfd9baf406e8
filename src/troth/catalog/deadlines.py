"""Due dates, as pure functions of the clock."""

from datetime import datetime, time, tzinfo
from itertools import islice

from troth.catalog.calendar import Calendar
from troth.policy.lengths import Duration

CLOSING = time(17)


def due(received_utc: datetime, within: Duration, zone: tzinfo, calendar: Calendar) -> datetime:
    """When a time that began as the request came in is over, where the vendor sits: business days at closing time.

    >>> from zoneinfo import ZoneInfo
    >>> wednesday = datetime.fromisoformat("2026-12-23T22:02:00+00:00")
    >>> due(wednesday, Duration(2, "business day"), ZoneInfo("America/Los_Angeles"), Calendar("US")).isoformat()
    '2026-12-28T17:00:00-08:00'
    """
    if within.unit != "business day":
        return within.after(received_utc.astimezone(zone))
    following = calendar.business_days_after(received_utc.astimezone(zone).date())
    return datetime.combine(next(islice(following, within.number - 1, None)), CLOSING, zone)


def working_days(start_utc: datetime, end_utc: datetime, zone: tzinfo, calendar: Calendar) -> int:
    """How many business days began between the two: 0 on the day itself, over a weekend and on holidays."""
    return calendar.count(start_utc.astimezone(zone).date(), end_utc.astimezone(zone).date())
