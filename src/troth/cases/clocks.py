"""Due dates for each kind of request and law, as pure functions of the time it arrived.

A day is a day where the vendor sits, and ends at its midnight, summer time or not.

Source  the policy's own promise; 11 CCR 7021 (CCPA); Civil Code 1798.83; GDPR art. 12 (3) with Regulation 1182/71
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from troth.catalog.calendar import Calendar
from troth.policy.lengths import Duration

CONFIRM_BUSINESS_DAYS = 10
CCPA_DAYS = 45
CCPA_EXTENSION_DAYS = 45
GDPR_MONTHS = 1
GDPR_EXTENSION_MONTHS = 2
OPT_OUT_BUSINESS_DAYS = 15
POLICY_DAYS = 30
ELSEWHERE_DAYS = 150
LOG_MONTHS = 24
REMINDERS = (50, 80, 100)


@dataclass(frozen=True)
class Clock:
    """All instants of one request. `confirm` None: nothing has to be confirmed; `law` is the statute's own end."""

    received: datetime
    confirm: datetime | None
    due: datetime
    law: datetime

    def notice(self, wanted: datetime) -> datetime:
        """When a person without an answer hears why, and what happens next.

        As wanted, such as on day 25 of 30, or halfway where that would come before half of the time is over."""
        return max(wanted, self.received + (self.due - self.received) / 2)

    def at_share(self, percent: int) -> datetime:
        return self.received + (self.due - self.received) * percent / 100


def ccpa(
    received: datetime,
    zone: tzinfo,
    calendar: Calendar,
    *,
    promised: Duration | None = None,
    confirmed: Duration | None = None,
) -> Clock:
    """Know, copy, correct, delete: confirmed in 10 business days, answered in 45 days or sooner if promised so."""
    law = days_after(received, CCPA_DAYS, zone)
    confirm = business_days_after(received, CONFIRM_BUSINESS_DAYS, zone, calendar)
    return Clock(
        received,
        _earlier(confirm, received, confirmed, zone, calendar),
        _earlier(law, received, promised, zone, calendar),
        law,
    )


def ccpa_extended(clock: Clock, zone: tzinfo) -> Clock:
    """The same with 45 days more, counted from the day it came in: 90 in all, once, with a reason."""
    law = days_after(clock.received, CCPA_DAYS + CCPA_EXTENSION_DAYS, zone)
    return Clock(clock.received, clock.confirm, law, law)


def gdpr(received: datetime, zone: tzinfo, calendar: Calendar, *, promised: Duration | None) -> Clock:
    """Access, copy, correction, deletion, restriction, objection: within a month, or sooner if promised so."""
    law = months_after(received, GDPR_MONTHS, zone, calendar)
    return Clock(received, None, _earlier(law, received, promised, zone, calendar), law)


def gdpr_extended(clock: Clock, zone: tzinfo, calendar: Calendar) -> Clock:
    """The same with two months more: three in all, counted from the day it came in, once, with a reason."""
    law = months_after(clock.received, GDPR_MONTHS + GDPR_EXTENSION_MONTHS, zone, calendar)
    return Clock(clock.received, clock.confirm, law, law)


def sooner(first: Clock, second: Clock) -> Clock:
    """What keeps both: each instant of the clock that has it earlier."""
    confirm = min((each for each in (first.confirm, second.confirm) if each), default=None)
    return Clock(first.received, confirm, min(first.due, second.due), min(first.law, second.law))


def opt_out(received: datetime, zone: tzinfo, calendar: Calendar, *, promised: Duration | None = None) -> Clock:
    """Opt-out of sale or sharing: done within 15 business days, and nothing has to be confirmed."""
    law = business_days_after(received, OPT_OUT_BUSINESS_DAYS, zone, calendar)
    return Clock(received, None, _earlier(law, received, promised, zone, calendar), law)


def question(received: datetime, zone: tzinfo, calendar: Calendar, *, promised: Duration | None = None) -> Clock:
    """The policy's own promise for requests without a statutory deadline; 30 days if it makes none."""
    end = promise_end(received, promised or Duration(POLICY_DAYS, "day"), zone, calendar)
    return Clock(received, None, end, end)


def disclosures(
    received: datetime,
    zone: tzinfo,
    calendar: Calendar,
    *,
    designated: bool = True,
    promised: Duration | None = None,
) -> Clock:
    """Civil Code 1798.83: 30 days at the designated address, or sooner if promised so; elsewhere 150."""
    law = days_after(received, POLICY_DAYS if designated else ELSEWHERE_DAYS, zone)
    return Clock(received, None, _earlier(law, received, promised if designated else None, zone, calendar), law)


def _earlier(
    law: datetime, received: datetime, promised: Duration | None, zone: tzinfo, calendar: Calendar
) -> datetime:
    """The earlier of the law's end and the policy's promise."""
    return min(law, promise_end(received, promised, zone, calendar)) if promised else law


def promise_end(received: datetime, within: Duration, zone: tzinfo, calendar: Calendar) -> datetime:
    """The end of a promise of the policy: its days, business days, or months as Europe counts them."""
    match within.unit:
        case "month" | "year":
            months = within.number * (12 if within.unit == "year" else 1)
            return months_after(received, months, zone, calendar)
        case "business day":
            return business_days_after(received, within.number, zone, calendar)
        case "week":
            return days_after(received, 7 * within.number, zone)
        case "day":
            return days_after(received, within.number, zone)
    return received + timedelta(hours=within.number)


def days_after(received: datetime, days: int, zone: tzinfo) -> datetime:
    """The end of the day this many days after the day it came in."""
    return _end_of(_day(received, zone) + timedelta(days=days), zone)


def business_days_after(received: datetime, days: int, zone: tzinfo, calendar: Calendar) -> datetime:
    """The end of the nth day after it came in that is no weekend and no holiday of the vendor's."""
    following = calendar.business_days_after(_day(received, zone))
    return _end_of([next(following) for _number in range(days)][-1], zone)


def months_after(received: datetime, months: int, zone: tzinfo, calendar: Calendar) -> datetime:
    """The end of the same day so many months later, or of its month's last day; moved off weekends and holidays.

    Source  Regulation 1182/71, art. 3: (1) the day it came in is not counted, (2)(c) a month ends with the day of the
            same date, (4) an end on a holiday, Sunday or Saturday moves to the next business day, (5) two of those at
            least lie in it"""
    day = _day(received, zone)
    last = _same_date(day, months)
    working = calendar.business_days_after(day)
    next(working)
    last = max(last, next(working))
    while not calendar.is_business_day(last):
        last += timedelta(days=1)
    return _end_of(last, zone)


def months_before(at: datetime, months: int) -> datetime:
    """The same date so many months earlier: how far back the request log reaches."""
    day = _same_date(at.date(), -months)
    return at.replace(year=day.year, month=day.month, day=day.day)


def _same_date(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year += day.year
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()


def _end_of(day: date, zone: tzinfo) -> datetime:
    """Midnight after the day, by the wall clock there."""
    return datetime.combine(day + timedelta(days=1), time(0), zone)
