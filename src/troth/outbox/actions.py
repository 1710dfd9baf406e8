"""Queues emails in the transaction of their cause. What an email may contain is decided when it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from troth import due, gate, in_force, queue
from troth.gate import Disclosure, Given, new_id
from troth.outbox import emails, finished, turns, writing
from troth.outbox.facts import EmailFacts, EmailPayload, write
from troth.outbox.models import FAREWELL, PERSON, QueuedEmail
from troth.seal import vault

PROGRAM = "program:outbox"
TRY = "outbox.try"
"""The plan of an email that leaves, or is tried again, at a later time."""


class NoPermit(Exception):
    """An email was posted without what the gate made."""


@dataclass(frozen=True)
class EmailRecipient:
    """Someone else than the person: a salesperson, distributor or consultant of the site's routing."""

    key: str
    name: str
    address: str


def post(
    *,
    person: UUID,
    purpose: str,
    email: str,
    cause: UUID,
    topic: str = "",
    kinds: Sequence[str] = (),
    facts: EmailFacts,
    reply_to: str = "",
) -> QueuedEmail:
    """Queues an email to the person.

    A job delivers it once the transaction commits, or as long after that as the policy says; the same one if it was
    posted before.

    It needs no grant: the gate is asked when the email leaves, and that is the use that the history shows.
    Takes   topic: of the purpose, where the email is about one; email: room and name, as "quotes/receipt";
            kinds: those that it may contain besides the address; reply_to: the signed address of a thread."""
    return _queue(
        person=person,
        purpose=purpose,
        topic=topic,
        email=email,
        to=PERSON,
        cause=cause,
        kinds=list(kinds),
        facts=facts,
        reply_to=reply_to,
    )[0]


def post_disclosed(
    *,
    disclosure: Disclosure,
    to: EmailRecipient,
    email: str,
    cause: UUID,
    facts: EmailFacts,
    reply_to: str = "",
) -> QueuedEmail:
    """Queues the email that carries a disclosure to its recipient.   Raises  NoPermit: someone else's disclosure."""
    if not isinstance(disclosure, Disclosure) or to.key != disclosure.recipient:
        raise NoPermit("Somebody else gets an email only by a disclosure to exactly them.")
    return _queue(
        person=disclosure.grant.person,
        purpose=disclosure.grant.purpose,
        email=email,
        to=f"{disclosure.recipient_class}:{to.key}",
        cause=cause,
        kinds=list(disclosure.kinds),
        facts=facts,
        permit=disclosure.id,
        reply_to=reply_to,
        to_name=to.name,
        to_sealed_address=vault().seal_address(to.address),
    )[0]


def post_finished(*, permit: Given, email: str, facts: EmailFacts, kinds: Sequence[str], cause: UUID) -> QueuedEmail:
    """Queues an email written now, for a person who is erased in the same transaction.

    The gate is not asked again at delivery, so only what nobody may say no to is written like this.
    Raises  NoPermit: no address in the permit, or a purpose that one may say no to."""
    grant, values = permit.grant, permit.values
    if "email" not in values or in_force.policy().purposes[grant.purpose].choice != "none":
        raise NoPermit("An email is finished early only for an address that was read, and a purpose without a choice.")
    queued, new = _queue(
        person=grant.person,
        purpose=grant.purpose,
        email=email,
        to=FAREWELL,
        cause=cause,
        kinds=list(kinds),
        facts=facts,
        permit=grant.id,
    )
    if new:
        shown = {kind: value for kind, value in values.items() if kind in kinds}
        finished.keep(queued, writing.message(queued, address=values["email"], values=shown))
    return queued


def can_email(person: UUID, purpose: str) -> bool:
    """Whether an email for this purpose could leave now: there is an address, and its use is allowed.

    Asks the gate without an entry; what is posted is decided again when it leaves.   Cost  1 query."""
    return gate.decide(person, purpose, ["email"])["email"].allowed


def note_held(*, person: UUID, purpose: str, email: str, code: str, cause: UUID) -> None:
    """Records in the person's history that an email was held back, with the law's code."""
    gate.note(
        person=person,
        kind="held back",
        purpose=purpose,
        who=PROGRAM,
        reason=f"email {email}",
        cause=cause,
        payload=EmailPayload(template=email, to=PERSON, code=code),
    )


def _queue(
    *, person: UUID, email: str, to: str, cause: UUID, facts: EmailFacts, **columns: Any
) -> tuple[QueuedEmail, bool]:
    """The row, and whether it is new: then its job is queued too."""
    emails.check_facts(email, facts)
    now = queue.now()
    later = _later(email, purpose=columns["purpose"], at_utc=now) if to != FAREWELL else None
    lane = _find_lane(email, columns["purpose"])
    queued, new = QueuedEmail.objects.get_or_create(
        request=cause,
        template=email,
        to=to,
        batch=None,
        defaults={
            "id": new_id(),
            "person_id": person,
            "facts": write(facts),
            "queued_utc": now,
            "next_try_utc": later,
            "lane": lane,
            "useful_until_utc": emails.useful_until(email, at_utc=later or now),
            **columns,
        },
    )
    if new and later:
        due.plan(TRY, about=queued.id, steps={"": later})
    elif new:
        turns.wake(lane)
    return queued, new


def _find_lane(email: str, purpose: str) -> emails.MailLane:
    rule = in_force.policy().purposes.get(purpose)
    return emails.lane_of(email, marketing=rule is not None and rule.marketing)


def _later(email: str, *, purpose: str, at_utc: datetime) -> datetime | None:
    """When the policy wants this email sent; None for now."""
    rule = emails.rule_of(email, purpose=purpose, policy=in_force.policy())
    return rule.after.after(at_utc) if rule and rule.after and rule.after.number else None
