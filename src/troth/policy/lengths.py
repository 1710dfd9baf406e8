"""Lengths of time and sizes of files, as a policy states them."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

Unit = Literal["hour", "day", "business day", "week", "month", "year"]

_DURATION = re.compile(r"([0-9]{1,5}) (hour|day|business day|week|month|year)s?", re.ASCII)
_SIZE = re.compile(r"([0-9]{1,6}) (kB|MB)", re.ASCII)
_DAYS = {
    "hour": 1 / 24,
    "day": 1,
    "business day": 1.4,
    "week": 7,
    "month": 30,
    "year": 365,
}


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as the policy states it: 24 months stays 24 months, whatever their length in days."""

    number: int
    unit: Unit

    @classmethod
    def read(cls, text: str) -> "Duration | None":
        found = _DURATION.fullmatch(" ".join(text.split()))
        return cls(int(found[1]), found[2]) if found else None  # type: ignore[arg-type]

    def after(self, start: datetime) -> datetime:
        """The time this long after start; the last day of the month if the day does not exist."""
        if self.unit in ("month", "year"):
            return _months_after(start, self.number * (12 if self.unit == "year" else 1))
        if self.unit == "business day":
            return _business_days_after(start, self.number)
        if self.unit == "hour":
            return _hours_after(start, self.number)
        return start + timedelta(**{self.unit + "s": self.number})

    def before(self, end: datetime) -> datetime:
        """The instant this long before the end; business days count back over weekends."""
        if self.unit in ("month", "year"):
            return _months_after(end, -self.number * (12 if self.unit == "year" else 1))
        if self.unit == "business day":
            return _business_days_before(end, self.number)
        if self.unit == "hour":
            return _hours_after(end, -self.number)
        return end - timedelta(**{self.unit + "s": self.number})

    @property
    def days(self) -> float:
        """About how many days, for comparing: a month counts as 30, a year as 365."""
        return self.number * _DAYS[self.unit]

    def __str__(self) -> str:
        return f"{self.number} {self.unit}{'' if self.number == 1 else 's'}"


def _hours_after(start: datetime, hours: int) -> datetime:
    """As they pass, not as clocks show them: the days on which clocks are set have 23 and 25."""
    return (
        (start.astimezone(UTC) + timedelta(hours=hours)).astimezone(start.tzinfo)
        if start.tzinfo
        else (start + timedelta(hours=hours))
    )


def _months_after(start: datetime, months: int) -> datetime:
    year, month = divmod(start.month - 1 + months, 12)
    year += start.year
    if not 1 <= year <= 9999:
        return datetime.max.replace(tzinfo=start.tzinfo) if year > 1 else datetime.min.replace(tzinfo=start.tzinfo)
    return start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))


def _business_days_after(start: datetime, days: int) -> datetime:
    """Counts Monday to Friday. Holidays are not known here, so the deadline is rather too early."""
    start -= timedelta(days=max(0, start.weekday() - 4))
    weeks, rest = divmod(days, 5)
    over_weekend = 2 if start.weekday() + rest > 4 else 0
    return start + timedelta(weeks=weeks, days=rest + over_weekend)


def _business_days_before(end: datetime, days: int) -> datetime:
    """As `_business_days_after`, backward."""
    end += timedelta(days=max(0, 7 - end.weekday()) if end.weekday() > 4 else 0)
    weeks, rest = divmod(days, 5)
    over_weekend = 2 if end.weekday() - rest < 0 else 0
    return end - timedelta(weeks=weeks, days=rest + over_weekend)


@dataclass(frozen=True, slots=True)
class Size:
    """A size as the policy says it: 20 MB are 20,000,000 bytes."""

    number: int
    unit: Literal["kB", "MB"]

    @classmethod
    def read(cls, text: str) -> "Size | None":
        found = _SIZE.fullmatch(" ".join(text.split()))
        return cls(int(found[1]), found[2]) if found else None  # type: ignore[arg-type]

    @property
    def size_bytes(self) -> int:
        return self.number * (1000 if self.unit == "kB" else 1000**2)

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"
