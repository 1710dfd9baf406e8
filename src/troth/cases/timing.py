"""Which clock runs for a kind of request, from the policy's promises and the statutes: each kind names one of these."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from troth import gate
from troth.cases import clocks
from troth.cases.clocks import Clock
from troth.collection import deadlines
from troth.collection.site import site
from troth.policy.terms import Duration

CCPA, CIVIL_CODE, POLICY = "ccpa", "civil code 1798.83", "policy"
_PROMISE = "access.answer"


@dataclass(frozen=True)
class Deadlines:
    """All instants of one request, as its row has them. `law_utc` None: no law and no notice, only our own word."""

    regime: str
    due_utc: datetime
    confirm_utc: datetime | None = None
    notice_utc: datetime | None = None
    law_utc: datetime | None = None


Reckoning = Callable[..., Deadlines]
"""(received, designated=True) → its terms. `designated`: sent to the address that the policy names for it."""


def ccpa(received: datetime, *, designated: bool = True) -> Deadlines:
    """Know, copy, correct, delete.   Policy  #A4, #L2"""
    return _terms(CCPA, clocks.ccpa(received, site().brand.zone, site().brand.calendar, promised=_promised()))


def opt_out(received: datetime, *, designated: bool = True) -> Deadlines:
    """Opt-out of sale or sharing.   Policy  #L2"""
    return _terms(CCPA, clocks.opt_out(received, site().brand.zone, site().brand.calendar))


def question(received: datetime, *, designated: bool = True) -> Deadlines:
    """What no statute gives a clock: the policy's own promise.   Policy  #A4"""
    return _terms(POLICY, clocks.question(received, site().brand.zone, site().brand.calendar, promised=_promised()))


def civil_code(received: datetime, *, designated: bool = True) -> Deadlines:
    """California Civil Code 1798.83.   Policy  #L1"""
    return _terms(CIVIL_CODE, clocks.disclosures(received, site().brand.zone, designated=designated))


def hours(number: int) -> Reckoning:
    """So many hours by the clock, weekends and holidays included."""

    def reckon(received: datetime, *, designated: bool = True) -> Deadlines:
        end = received + timedelta(hours=number)
        return _terms(POLICY, Clock(received, None, end, end))

    return reckon


def days(number: int) -> Reckoning:
    """To the end of the day so many days later."""

    def reckon(received: datetime, *, designated: bool = True) -> Deadlines:
        end = clocks.days_after(received, number, site().brand.zone).astimezone(UTC)
        return _terms(POLICY, Clock(received, None, end, end))

    return reckon


def closing(received: datetime, *, designated: bool = True) -> Deadlines:
    """Closing time of the second working day: what quotes and messages are answered by."""
    return Deadlines("", deadlines.due(received, site().brand.zone, site().brand.calendar))


def extended(received: datetime, confirm: datetime | None, due: datetime, law: datetime) -> Clock:
    """The same with CCPA's 45 days more."""
    return clocks.ccpa_extended(Clock(received, confirm, due, law), site().brand.zone)


def _terms(regime: str, clock: Clock) -> Deadlines:
    return Deadlines(regime, clock.due, clock.confirm, clock.notice, clock.law)


def _promised() -> Duration | None:
    promise = gate.policy().promises.get(_PROMISE)
    return promise.within if promise else None
