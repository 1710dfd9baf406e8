"""The vendor's business days: the one calendar for all deadlines in business days.

Calendar("US").is_business_day(date(2026, 12, 25))      False
Calendar("DE-BY")                                       Bavaria's holidays

Source  the holidays package, which is maintained for each country and its states
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

_SATURDAY = 5


class UnknownPlace(ValueError):
    """The holidays of this place are not known."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Monday to Friday except the holidays of `place`: a country or state by ISO 3166; "" has no holidays."""

    place: str = ""

    def is_holiday(self, day: date) -> bool:
        return bool(self.place) and day in _holidays(self.place, day.year)

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and not self.is_holiday(day)

    def business_days_after(self, day: date) -> Iterator[date]:
        """The business days that follow the day, without end."""
        while True:
            day += timedelta(days=1)
            if self.is_business_day(day):
                yield day

    def count(self, start: date, end: date) -> int:
        """How many business days began after `start`, up to and with `end`: 0 over a weekend."""
        return _count(self.place, start, end) if end > start else 0


# The requests of a list came in and are due on a few days.
@lru_cache(maxsize=1_024)
def _count(place: str, start: date, end: date) -> int:
    years = range(start.year, end.year + 1) if place else ()
    free = (day for year in years for day in _holidays(place, year) if day.weekday() < _SATURDAY)
    return _count_weekdays(end) - _count_weekdays(start) - sum(1 for day in free if start < day <= end)


def _count_weekdays(day: date) -> int:
    """How many days from Monday to Friday there were up to and with this one."""
    weeks, rest = divmod(day.toordinal(), 7)  # day 1 of year 1 was a Monday
    return weeks * _SATURDAY + min(rest, _SATURDAY)


def calendar_of(place: str) -> Calendar:
    """The calendar of a place as brand.yaml names it. Raises UnknownPlace."""
    try:
        _holidays(place, 2026)
    except NotImplementedError as error:
        raise UnknownPlace(place) from error
    return Calendar(place)


@lru_cache(maxsize=256)
def _holidays(place: str, year: int) -> frozenset[date]:
    country, _dash, state = place.partition("-")
    found = holidays.country_holidays(country, subdiv=state or None, years=year)
    return frozenset(day for day in found if day.year == year)
