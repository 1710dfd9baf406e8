"""The emails that rooms have, each a value: what histories call it, for which purpose it is sent, and when.

When an email is sent is what its purpose says under `emails:`. A service or marketing email leaves only where it is
stated there. What protects an account and what answers a privacy request is owed to the person whatever the policy
lists: where it says nothing, the room's own `when` counts, and `troth policy check` warns.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise

from troth.outbox.facts import EmailFacts
from troth.policy import Policy
from troth.policy.terms import Duration, EmailRule


class EmailKind(StrEnum):
    SERVICE = "service"
    SECURITY = "security"
    CASE = "case"
    MARKETING = "marketing"
    CORRESPONDENCE = "correspondence"


class MailLane(StrEnum):
    """What shares connections, in the order of hurry: 500,000 newsletters keep no reset link waiting."""

    SECURITY = "security"
    CASE = "case"
    SERVICE = "service"
    MARKETING = "marketing"


_LANES = {
    EmailKind.SECURITY: MailLane.SECURITY,
    EmailKind.CASE: MailLane.CASE,
    EmailKind.CORRESPONDENCE: MailLane.CASE,
    EmailKind.SERVICE: MailLane.SERVICE,
    EmailKind.MARKETING: MailLane.MARKETING,
}


def at_once(*of: str) -> EmailRule:
    """Sent when something of this happens."""
    return EmailRule(name="", after=Duration(0, "hour"), before=(), of=of, at="", to="")


def before(*times: Duration, of: str) -> EmailRule:
    """Sent so long before something is due, at each of the times."""
    return EmailRule(name="", after=None, before=times, of=(of,), at="", to="")


@dataclass(frozen=True)
class Email:
    """One email of a room, by the name of its templates.

    purpose   for which it is sent
    when      of what is sent though the policy is silent about it: the room's own rule
    if_known  the email of the room that goes in its place to an address that has an account
    useful   how long after its time it is of use: a marketing email for six hours, another one without end
    facts    the type of what it says besides values"""

    name: str
    title: Promise | str
    purpose: str
    kind: EmailKind = EmailKind.SERVICE
    when: EmailRule | None = None
    if_known: str = ""
    useful: timedelta | None = None
    facts: type[EmailFacts] = EmailFacts

    @property
    def must_be_stated(self) -> bool:
        return self.kind in (EmailKind.SERVICE, EmailKind.MARKETING)


MARKETING_LATE = timedelta(hours=6)
"""How late a marketing email may begin to leave before it is held for staff to look at."""
NOT_STATED = "email not stated"
"""Why an email is refused that the policy does not list for its purpose."""
SPENT = "spent"
"""Why an email is refused whose secret was used, replaced or ended while it waited."""

_known: dict[str, Email] = {}


def know(emails: Mapping[str, Email]) -> None:
    """These are the emails of the site's rooms: "quotes/receipt" → the email."""
    _known.clear()
    _known.update(emails)


class WrongFacts(Exception):
    """An email was posted with facts of another email."""


def check_facts(template: str, facts: EmailFacts) -> None:
    """Nothing if they are of the type that the room's email has.   Raises  WrongFacts."""
    if template in _known and type(facts) is not _known[template].facts:
        raise WrongFacts(f"{template} says {_known[template].facts.__name__}, not {type(facts).__name__}.")


def lane_of(template: str, *, marketing: bool) -> MailLane:
    """The lane of an email.   Takes   marketing: whether its purpose may market"""
    email = _known.get(template)
    return _LANES[email.kind] if email else MailLane.MARKETING if marketing else MailLane.SERVICE


def lock_of(lane: str) -> str:
    """What the jobs of a lane share, so that they run one after the other."""
    return f"outbox {lane}"


def useful_until(template: str, *, at_utc: datetime) -> datetime | None:
    """Until when it is of use to send it, if it should have left at this time."""
    email = _known.get(template)
    marketing = email is not None and email.kind is EmailKind.MARKETING
    useful = (email.useful if email else None) or (MARKETING_LATE if marketing else None)
    return at_utc + useful if useful else None


def title_of(template: str) -> str:
    """What an email is about; the name of its template where no room has it any longer."""
    return str(_known[template].title) if template in _known else template


def templates_of(template: str, *, known: bool) -> str:
    """Where the templates lie of what is written to this address. `known`: it has an account."""
    room, name = template.split("/")
    email = _known.get(template)
    return f"{room}/emails/{email.if_known if known and email and email.if_known else name}"


def rule_of(template: str, *, purpose: str, policy: Policy) -> EmailRule | None:
    """When this email is sent for this purpose.

    As the policy says, or its room where the policy may be silent; None
    where nothing states it, so that it may not be sent."""
    stated, name = policy.purposes.get(purpose), template.partition("/")[2]
    said = next((rule for rule in stated.emails if rule.name == name), None) if stated else None
    email = _known.get(template)
    return said or (email.when if email and not email.must_be_stated else None)


def is_stated(template: str, *, purpose: str, policy: Policy) -> bool:
    """Whether this email may leave for this purpose."""
    return rule_of(template, purpose=purpose, policy=policy) is not None


def times_of(rule: EmailRule | None, event_utc: datetime) -> dict[str, datetime]:
    """Each time at which the rule wants an email about something that happens or is due then, the most urgent last."""
    if rule is None:
        return {}
    later = {f"{rule.after} after": rule.after.after(event_utc)} if rule.after else {}
    earlier = {f"{time} before": time.before(event_utc) for time in rule.before}
    return dict(sorted((later | earlier).items(), key=lambda step: step[1]))
