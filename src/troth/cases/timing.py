"""Which clock runs for which kind of request, from the policy's promises and the statutes."""

from datetime import UTC, datetime, timedelta

from troth import gate
from troth.cases import clocks
from troth.cases.clocks import Clock
from troth.collection.site import site
from troth.outbox import emails
from troth.words.promises import promised

CCPA, CIVIL_CODE, POLICY = "ccpa", "civil code 1798.83", "policy"
INCIDENT_HOURS = 72
REVIEW_DAYS = 30
PURPOSE = "rights"
_PROMISE = "access.answer"
_NOTICE = "cases/notice"


def clock(kind: str, received: datetime, *, designated: bool = True) -> tuple[str, Clock]:
    """The regime and all instants of a request of this kind.   Policy  #A4, #L1, #L2"""
    zone, calendar = site().brand.zone, site().brand.calendar
    match kind:
        case "opt-out":
            return CCPA, clocks.opt_out(received, zone, calendar, promised=promised("california.opt-out"))
        case "disclosures":
            return CIVIL_CODE, clocks.disclosures(
                received, zone, calendar, designated=designated, promised=promised("california.disclosures")
            )
        case "question":
            return POLICY, clocks.question(received, zone, calendar, promised=promised(_PROMISE))
        case "incident":
            end = received + timedelta(hours=INCIDENT_HOURS)
            return POLICY, Clock(received, None, end, end)
        case "access-review" | "disclosure":
            end = clocks.days_after(received, REVIEW_DAYS, zone).astimezone(UTC)
            return POLICY, Clock(received, None, end, end)
    return CCPA, clocks.ccpa(
        received, zone, calendar, promised=promised(_PROMISE), confirmed=promised("california.confirm")
    )


def extended(received: datetime, confirm: datetime | None, due: datetime, law: datetime) -> Clock:
    """The same with CCPA's 45 days more."""
    return clocks.ccpa_extended(Clock(received, confirm, due, law), site().brand.zone)


def notice(clock: Clock) -> datetime:
    """When the person hears that the request is still open, by the policy's rule for this email."""
    rule = emails.rule_of(_NOTICE, purpose=PURPOSE, policy=gate.policy())
    if rule and rule.after:
        return min(clock.due, rule.after.after(clock.received))
    return clock.notice(min(emails.times_of(rule, clock.due).values(), default=clock.due))
