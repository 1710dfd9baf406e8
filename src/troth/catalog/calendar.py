"""The vendor's business days: the one calendar for all deadlines in business days.

Calendar("US").is_business_day(date(2026, 12, 25))      False
Calendar("IL").is_business_day(date(2026, 11, 15))      True: a Sunday
Calendar("DE-BY")                                       Bavaria's holidays

Source  the holidays package, which is maintained for each country and its states: weekends, holidays, and the Saturdays
        on which China, Hungary and others work instead
"""

from bisect import bisect_right
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
    """The business days of `place`, a country or state by ISO 3166; for "", Monday to Friday without holidays."""

    place: str = ""

    def load(self) -> None:
        """Imports the holidays, where waiting now is better than at the first question."""
        _business_days(self.place, 2026)

    def is_business_day(self, day: date) -> bool:
        return self.count(day - timedelta(days=1), day) == 1

    def business_days_after(self, day: date) -> Iterator[date]:
        """The business days that follow the day, without end."""
        while True:
            day += timedelta(days=1)
            if self.is_business_day(day):
                yield day

    def count(self, start: date, end: date) -> int:
        """How many business days began after `start`, up to and with `end`: 0 over a weekend."""
        years = range(start.year, end.year + 1)
        return sum(_count(self.place, year, start.toordinal(), end.toordinal()) for year in years)


# The requests of a list came in and are due on a few days.
@lru_cache(maxsize=1_024)
def _count(place: str, year: int, start: int, end: int) -> int:
    days = _business_days(place, year)
    return max(0, bisect_right(days, end) - bisect_right(days, start))


def calendar_of(place: str) -> Calendar:
    """The calendar of a place as brand.yaml names it. Raises UnknownPlace.

    A country is known by its code: asking for its days imports all countries, and most commands need no days."""
    if place not in holidays.registry.EntityLoader.get_country_codes():
        try:
            _business_days(place, 2026)
        except NotImplementedError as error:
            raise UnknownPlace(place) from error
    return Calendar(place)


@lru_cache(maxsize=256)
def _business_days(place: str, year: int) -> tuple[int, ...]:
    """Those of the year, as ordinals. Raises NotImplementedError."""
    country, _dash, state = place.partition("-")
    found = holidays.country_holidays(country, subdiv=state or None, years=year) if place else None
    days = map(date.fromordinal, range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))
    working = (day for day in days if (found.is_working_day(day) if found is not None else day.weekday() < _SATURDAY))
    return tuple(day.toordinal() for day in working)
