"""All emails of the rooms, each a value: its title in histories, its purpose, and when it is sent.

When an email is sent is what its purpose says under `emails:`. A service or marketing email leaves only where it is
stated there. What protects an account, what answers a privacy request and what tells of a new version of the policy is
owed to the person whatever the policy lists: where it says nothing, the room's own `when` counts, and `troth policy
check` warns.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from troth.outbox.facts import EmailFacts
from troth.policy import Policy
from troth.policy.lengths import Duration
from troth.policy.terms import EmailRule
from troth.wording import Words

if TYPE_CHECKING:
    from troth.outbox.models import QueuedEmail


class EmailKind(StrEnum):
    SERVICE = "service"
    SECURITY = "security"
    CASE = "case"
    MARKETING = "marketing"
    CORRESPONDENCE = "correspondence"
    NOTICE = "notice"


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
    EmailKind.NOTICE: MailLane.SERVICE,
    EmailKind.MARKETING: MailLane.MARKETING,
}


def at_once(*of: str) -> EmailRule:
    """A rule: send it when something of this happens."""
    return EmailRule(name="", after=Duration(0, "hour"), before=(), of=of, at="", to="")


def before(*times: Duration, of: str) -> EmailRule:
    """A rule: send it at each of these times before something is due."""
    return EmailRule(name="", after=None, before=times, of=(of,), at="", to="")


@dataclass(frozen=True)
class Email:
    """One email of a room, by the name of its templates.

    purpose   for which it is sent
    when      of what is sent though the policy is silent about it: the room's own rule
    to        the class of recipients whom alone it is for: it discloses something to them
    if_known  the email of the room that goes in its place to an address that has an account
    by_law    required by a law that policies can choose, which says when: no policy has to list it
    useful   how long after its time it is of use: a marketing email for six hours, another one without end
    facts    the type of what it says besides values
    stopped  told when a sending of it to many stopped by itself or by staff: (cause, why)
    ended    told when all emails of such a sending left: (cause, when)
    content  what its templates read as `content`, made from its facts once for many
    lane     where it is in more of a hurry than its kind
    revise   told what is about to leave, gives the facts of those that say something else by now; None where nothing is
             left to be said, so that it doesn’t leave"""

    name: str
    title: Words
    purpose: str
    kind: EmailKind = EmailKind.SERVICE
    when: EmailRule | None = None
    to: str = ""
    if_known: str = ""
    by_law: bool = False
    useful: timedelta | None = None
    facts: type[EmailFacts] = EmailFacts
    content: Callable[[Mapping[str, Any]], Mapping[str, object]] | None = None
    lane: MailLane | None = None
    stopped: Callable[[UUID, str], None] | None = None
    ended: Callable[[UUID, datetime], None] | None = None
    revise: "Callable[[Sequence[QueuedEmail]], Mapping[UUID, Mapping[str, Any] | None]] | None" = None

    @property
    def must_be_stated(self) -> bool:
        return self.kind in (EmailKind.SERVICE, EmailKind.MARKETING)


MARKETING_LATE = timedelta(hours=6)
"""How late a marketing email may begin to leave before it is held for staff to look at."""
NOT_STATED = "email not stated"
"""Why an email is refused that the policy does not list for its purpose."""
SPENT = "spent"
"""Why an email is refused whose secret was used, replaced or ended while it waited."""
SETTLED = "settled"
"""Why an email is refused that has nothing left to ask: what it asks was answered or opted out of while it waited."""

_known: dict[str, Email] = {}
_formerly: dict[str, str] = {}


def know(emails: Mapping[str, Email], formerly: Mapping[str, str]) -> None:
    """Makes these the emails of the site: "quotes/receipt" → the email.

    Takes   formerly: former name of a room → its name."""
    _known.clear()
    _known.update(emails)
    _formerly.clear()
    _formerly.update(formerly)


def template_of(purpose: str, name: str) -> str:
    """The template of the email with this name in the policy, as "quotes/receipt"."""
    return next(template for template, email in _known.items() if (email.purpose, email.name) == (purpose, name))


def name_now(template: str) -> str:
    """Today's name of a template. Emails and entries of an older release have the room's former name."""
    room, _, name = template.partition("/")
    return f"{_formerly.get(room, room)}/{name}"


class WrongFacts(Exception):
    """An email was posted with facts of another email."""


def check_facts(template: str, facts: EmailFacts) -> None:
    """Checks that the facts have the type of the room's email.   Raises  WrongFacts."""
    email = _find(template)
    if email and type(facts) is not email.facts:
        raise WrongFacts(f"{template} says {email.facts.__name__}, not {type(facts).__name__}.")


def lane_of(template: str, *, marketing: bool) -> MailLane:
    """The lane of an email.   Takes   marketing: whether its purpose may market"""
    email = _find(template)
    return email.lane or _LANES[email.kind] if email else MailLane.MARKETING if marketing else MailLane.SERVICE


def useful_until(template: str, *, at_utc: datetime) -> datetime | None:
    """Until when it is of use to send it, if it should have left at this time."""
    email = _find(template)
    marketing = email is not None and email.kind is EmailKind.MARKETING
    useful = (email.useful if email else None) or (MARKETING_LATE if marketing else None)
    return at_utc + useful if useful else None


def differs_for_known(template: str) -> bool:
    """Whether another email goes in its place to an address that has an account."""
    email = _find(template)
    return bool(email and email.if_known)


def is_known(template: str) -> bool:
    """Whether a room of this site still has the email."""
    return _find(template) is not None


def list_templates() -> list[str]:
    """All emails of the site, by their templates; those of an older release too."""
    rooms = {room: [old for old, new in _formerly.items() if new == room] for room in _formerly.values()}
    found = [template.split("/") for template in _known]
    return [*_known, *(f"{old}/{name}" for room, name in found for old in rooms.get(room, ()))]


def title_of(template: str) -> str:
    """The title of an email; the template's name if no room has it any longer."""
    email = _find(template)
    return str(email.title) if email else template


def title_in(purpose: str, name: str) -> str:
    """The title of the email with this name in the policy; the name itself if no room has it any longer."""
    found = (str(email.title) for email in _known.values() if (email.purpose, email.name) == (purpose, name))
    return next(found, name)


def content_of(template: str, facts: Mapping[str, Any]) -> Mapping[str, object]:
    """What the email's room makes of its facts; nothing for most."""
    email = _known.get(template)
    return email.content(facts) if email and email.content else {}


def revise(found: "Sequence[QueuedEmail]") -> Mapping[UUID, Mapping[str, Any] | None]:
    """Of these, which are about to leave, the facts of those that say something else by now; None: nothing any more."""
    revised: dict[UUID, Mapping[str, Any] | None] = {}
    for template in dict.fromkeys(each.template for each in found):
        email = _find(template)
        if email and email.revise:
            revised |= email.revise([each for each in found if each.template == template])
    return revised


def tell_stopped(template: str, cause: UUID, why: str) -> None:
    """Tells the email's room that a sending of it was stopped, in the transaction that stops it."""
    email = _find(template)
    if email and email.stopped:
        email.stopped(cause, why)


def tell_ended(template: str, cause: UUID, at_utc: datetime) -> None:
    """Tells the email's room that all of a sending left, in the transaction that notes it."""
    email = _find(template)
    if email and email.ended:
        email.ended(cause, at_utc)


def templates_of(template: str, *, known: bool) -> str:
    """The path of the email's templates. `known`: the address has an account."""
    room, name = name_now(template).split("/")
    email = _find(template)
    return f"{room}/emails/{email.if_known if known and email and email.if_known else name}"


def rule_of(template: str, *, purpose: str, policy: Policy) -> EmailRule | None:
    """The rule for when this email is sent for this purpose.

    As the policy says, or its room where the policy may be silent; None where nothing states it, so that it may not be
    sent."""
    stated, name = policy.purposes.get(purpose), template.partition("/")[2]
    said = next((rule for rule in stated.emails if rule.name == name), None) if stated else None
    email = _find(template)
    return said or (email.when if email and not email.must_be_stated else None)


def is_stated(template: str, *, purpose: str, policy: Policy) -> bool:
    """Whether this email may leave for this purpose."""
    return rule_of(template, purpose=purpose, policy=policy) is not None


def times_of(rule: EmailRule | None, event_utc: datetime) -> dict[str, datetime]:
    """The times at which the rule wants an email about something that happens or is due then, the latest last."""
    if rule is None:
        return {}
    later = {f"{rule.after} after": rule.after.after(event_utc)} if rule.after else {}
    earlier = {f"{time} before": time.before(event_utc) for time in rule.before}
    return dict(sorted((later | earlier).items(), key=lambda step: step[1]))


def _find(template: str) -> Email | None:
    return _known.get(name_now(template))
