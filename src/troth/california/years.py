"""Which calendar year an answer is about, and how often it is given: pure functions, by the vendor's calendar."""

from collections.abc import Iterable
from datetime import datetime, tzinfo


def year_of(received: datetime, zone: tzinfo) -> int:
    """The calendar year that precedes the one in which the request came in.   Source  § 1798.83(a)"""
    return received.astimezone(zone).year - 1


def lies_in(at_utc: datetime, year: int, zone: tzinfo) -> bool:
    return at_utc.astimezone(zone).year == year


def is_answered_before(received: datetime, earlier: Iterable[datetime], zone: tzinfo) -> bool:
    """Whether the statute requires no second answer, because one was requested in the same calendar year.

    Source  § 1798.83(c)(1)"""
    year = received.astimezone(zone).year
    return any(each < received and each.astimezone(zone).year == year for each in earlier)
