"""The deadline of a kind of request, from the policy's promises and the statutes. Each kind names one of these."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce

from troth import in_force
from troth.cases import clocks
from troth.cases.clocks import Clock
from troth.cases.models import Case
from troth.outbox import emails
from troth.site import site
from troth.words import promises
from troth.words.promises import find_promise

CCPA, GDPR, POLICY = "ccpa", "gdpr", "policy"
PURPOSE = "rights"
_ANSWER = "access.answer"
_NOTICE = "notice"


@dataclass(frozen=True)
class Deadlines:
    """All times of one request, as its row has them. `law_utc` None: no law and no notice, only our own promise."""

    regime: str
    due_utc: datetime
    confirm_utc: datetime | None = None
    notice_utc: datetime | None = None
    law_utc: datetime | None = None


Reckoning = Callable[..., Deadlines]
"""(received, designated=True) → its terms. `designated`: sent to the address that the policy names for it."""


def statutory(received: datetime, *, designated: bool = True) -> Deadlines:
    """Know, copy, correct, delete, restrict, object: so that each law which the policy chose is kept.

    Policy  #A4, #L2"""
    policy, promised = in_force.policy(), find_promise(_ANSWER)
    where = site().brand.zone, site().brand.calendar
    european = clocks.gdpr(received, *where, promised=promised) if policy.is_under_gdpr else None
    if "california" not in policy.laws:
        return terms(GDPR, european) if european else question(received)
    confirmed = find_promise("california.confirm")
    californian = clocks.ccpa(received, *where, promised=promised, confirmed=confirmed)
    return terms(GDPR, clocks.sooner(european, californian)) if european else terms(CCPA, californian)


def opt_out(received: datetime, *, designated: bool = True) -> Deadlines:
    """Opt-out of sale or sharing.   Policy  #L2"""
    brand = site().brand
    return terms(
        CCPA, clocks.opt_out(received, brand.zone, brand.calendar, promised=find_promise("california.opt-out"))
    )


def question(received: datetime, *, designated: bool = True) -> Deadlines:
    """The policy's own promise, where no statute sets a deadline.   Policy  #A4"""
    brand = site().brand
    return terms(POLICY, clocks.question(received, brand.zone, brand.calendar, promised=find_promise(_ANSWER)))


def terms(regime: str, clock: Clock) -> Deadlines:
    """All instants of a request, from its clock and the policy's rule for the notice."""
    return Deadlines(regime, clock.due, clock.confirm, notice(clock), clock.law)


def hours(number: int) -> Reckoning:
    """This many hours, including weekends and holidays."""

    def reckon(received: datetime, *, designated: bool = True) -> Deadlines:
        end = received + timedelta(hours=number)
        return terms(POLICY, Clock(received, None, end, end))

    return reckon


def days(number: int) -> Reckoning:
    """The end of the day this many days later."""

    def reckon(received: datetime, *, designated: bool = True) -> Deadlines:
        end = clocks.days_after(received, number, site().brand.zone).astimezone(UTC)
        return terms(POLICY, Clock(received, None, end, end))

    return reckon


def answer(promise: str) -> Reckoning:
    """This promise of the policy, or our own target where it makes none."""

    def reckon(received: datetime, *, designated: bool = True) -> Deadlines:
        return Deadlines("", promises.answer_due(promise, received))

    return reckon


def may_extend(case: Case) -> bool:
    """Whether a law allows more time for it: for opt-outs, and by our own promise alone, none does."""
    return case.law_utc is not None and (case.regime == GDPR or case.confirm_utc is not None)


def extend(case: Case) -> Clock:
    """The same with as much more time as each law allows that it was received under: 45 days, two months.

    Takes   a request that may be extended. One with an end of its confirmation is California's, too."""
    assert case.law_utc is not None
    brand = site().brand
    clock = Clock(case.received_utc, case.confirm_utc, case.due_utc, case.law_utc)
    longer = [clocks.ccpa_extended(clock, brand.zone)] if case.confirm_utc else []
    if case.regime == GDPR:
        longer.append(clocks.gdpr_extended(clock, brand.zone, brand.calendar))
    return reduce(clocks.sooner, longer)


def notice(clock: Clock) -> datetime:
    """When the person hears that the request is still open, by the policy's rule for this email."""
    rule = emails.rule_of(emails.template_of(PURPOSE, _NOTICE), purpose=PURPOSE, policy=in_force.policy())
    if rule and rule.after:
        return min(clock.due, rule.after.after(clock.received))
    return clock.notice(min(emails.times_of(rule, clock.due).values(), default=clock.due))
