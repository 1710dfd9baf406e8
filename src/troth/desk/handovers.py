"""Who received what of a request, from the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth import in_force, outbox
from troth.policy.terms import Policy
from troth.records import ledger
from troth.records.ledger import LedgerEntry
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


def list_given(person: UUID, cause: UUID) -> list[HandOver]:
    """Who got what of a request, oldest first."""
    entries = ledger.history(person, cause=cause)[::-1]
    return _hand_overs([entry for entry in entries if entry.kind == "disclosed"])


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
