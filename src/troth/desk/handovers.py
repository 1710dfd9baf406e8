"""Who received what of a request, from the ledger."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth import in_force, outbox
from troth.policy.terms import Policy, Recipient
from troth.records import ledger
from troth.records.ledger import LedgerEntry
from troth.security.actors import find_username
from troth.security.crew import names_of
from troth.security.links import Link
from troth.words.values import kinds_in_words


@dataclass(frozen=True)
class HandOver:
    """One disclosure, under the policy of its day. `sentence` says what happened to its email."""

    to: str
    as_what: str
    kinds: str
    at_utc: datetime
    anchor: str
    section: str
    version: int
    arrived: bool
    sentence: str


@dataclass(frozen=True)
class Trail:
    """What happened to a request's data: the disclosures, and those that were refused.

    `anchor` and `quotation` quote the policy of `version`: the one under which it was passed on, else the one under
    which it came in."""

    given: tuple[HandOver, ...]
    stays: str
    version: int
    anchor: str
    section: str
    quotation: str


def trail(link: Link, cause: UUID, *, purpose: str) -> Trail:
    """The disclosures of one request, oldest first."""
    entries = ledger.history(link.person_id, cause=cause)[::-1]
    passed_on = [entry for entry in entries if entry.kind == "disclosed"]
    first = next(iter([*passed_on, *entries]), None)
    policy = _policy_of(first.version if first else 0)
    section = policy.section_of(purpose)
    return Trail(
        given=tuple(_hand_overs(passed_on)),
        stays=kinds_in_words(policy, _list_kept_back(entries, passed_on)),
        version=policy.version,
        anchor=section.anchor if section else "",
        section=section.title if section else "",
        quotation=policy.purposes[purpose].quotation if purpose in policy.purposes else "",
    )


@dataclass(frozen=True)
class StaffRead:
    """What a member of staff opened of a request, and when for the last time."""

    name: str
    kinds: str
    at_utc: datetime


@dataclass(frozen=True)
class ReceivedParts:
    """Who got what of a request: `given` to others, oldest first, and what `staff` opened."""

    given: Sequence[HandOver] = ()
    staff: Sequence[StaffRead] = ()


def list_received(person: UUID, cause: UUID) -> ReceivedParts:
    """Of one request.   Cost  1 query, and 1 for each of: emails of disclosures, names of staff"""
    entries = ledger.history(person, cause=cause)[::-1]
    given = [entry for entry in entries if entry.kind == "disclosed"]
    opened = [entry for entry in entries if entry.kind == "used" and find_username(entry.who)]
    return ReceivedParts(_hand_overs(given), _list_staff(opened))


def list_providers(purpose: str) -> list[Recipient]:
    """Who works for us with what was sent, by the policy: no entry tells of an email that a provider delivers."""
    policy = in_force.policy()
    named = policy.purposes[purpose].recipients if purpose in policy.purposes else ()
    return [policy.recipients[each] for each in named if policy.recipients[each].role == "provider"]


def list_outside(person: UUID, cause: UUID, *, kinds: Collection[str]) -> list[str]:
    """Other companies that got these kinds of a request, by name. An email that still waits takes the value of then.

    Cost  1 query, and 1 for the emails"""
    passed_on = [entry for entry in ledger.history(person, cause=cause) if entry.kind == "disclosed"]
    theirs = [entry for entry in passed_on if {*entry.kinds} & {*kinds} and _is_outside(entry)]
    return [*dict.fromkeys(each.to for each in _hand_overs(theirs) if each.arrived)]


def _is_outside(entry: LedgerEntry) -> bool:
    recipient = _policy_of(entry.version).recipients.get(entry.recipient.partition(":")[0])
    return recipient is not None and recipient.third_party


def _list_staff(opened: Sequence[LedgerEntry]) -> list[StaffRead]:
    """Each member of staff once, with all that they opened."""
    names, policy, by_who = names_of({entry.who for entry in opened}), in_force.policy(), dict[str, StaffRead]()
    for who in dict.fromkeys(entry.who for entry in opened):
        own = [entry for entry in opened if entry.who == who]
        kinds = dict.fromkeys(kind for entry in own for kind in entry.kinds)
        by_who[who] = StaffRead(names.get(who, ""), kinds_in_words(policy, [*kinds]), own[-1].at_utc)
    return [each for each in by_who.values() if each.name]


def _hand_overs(entries: Sequence[LedgerEntry]) -> list[HandOver]:
    """Each under the policy of its version, with what happened to its email."""
    mailed = outbox.of_permits([entry.id for entry in entries])
    return [_hand_over(entry, _policy_of(entry.version), mailed.get(entry.id)) for entry in entries]


def _hand_over(entry: LedgerEntry, policy: Policy, mailed: outbox.Mailed | None) -> HandOver:
    recipient = policy.recipients.get(entry.recipient.partition(":")[0])
    section = policy.section(entry.section)
    return HandOver(
        to=entry.recipient_name,
        as_what=recipient.title if recipient else "",
        kinds=kinds_in_words(policy, entry.kinds),
        at_utc=mailed.at_utc if mailed and mailed.sent else entry.at_utc,
        anchor=entry.section,
        section=section.title if section else "",
        version=policy.version,
        arrived=mailed is None or mailed.sent,
        sentence="" if mailed is None or mailed.sent else mailed.sentence,
    )


def _policy_of(version: int) -> Policy:
    """The policy as it stood then; the one in force for a version that nobody knows."""
    law = in_force.law()
    return law.versions.get(version, law.versions[law.current])


def _list_kept_back(entries: Sequence[LedgerEntry], given: Sequence[LedgerEntry]) -> list[str]:
    went = {kind for entry in given for kind in entry.kinds}
    collected = (kind for entry in entries if entry.kind == "collected" for kind in entry.kinds)
    return [kind for kind in dict.fromkeys(collected) if kind not in went]
