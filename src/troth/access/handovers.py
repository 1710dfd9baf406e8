"""Who got what of a request, as the ledger says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth import gate
from troth.access.story import kinds_in_words
from troth.policy.terms import Policy
from troth.records import ledger
from troth.records.ledger import Entry
from troth.security.links import Link


@dataclass(frozen=True)
class HandOver:
    """One hand-over."""

    to: str
    as_what: str
    kinds: str
    at_utc: datetime
    anchor: str


@dataclass(frozen=True)
class Trail:
    """What became of a request's data: given to others, and what nobody got."""

    given: tuple[HandOver, ...]
    stays: str
    version: int


def trail(link: Link, request: UUID) -> Trail:
    """The disclosures of one request, oldest first."""
    entries = [entry for entry in reversed(ledger.history(link.person_id)) if entry.request == request]
    policy = gate.policy()
    given = [entry for entry in entries if entry.kind == "disclosed"]
    return Trail(
        given=tuple(_hand_over(entry, policy) for entry in given),
        stays=kinds_in_words(policy, _kept_back(entries, given)),
        version=max((entry.version for entry in entries), default=policy.version),
    )


def given(person: UUID, request: UUID) -> list[HandOver]:
    """Who got what of a request, oldest first."""
    policy = gate.policy()
    entries = (entry for entry in reversed(ledger.history(person)) if entry.request == request)
    return [_hand_over(entry, policy) for entry in entries if entry.kind == "disclosed"]


def _hand_over(entry: Entry, policy: Policy) -> HandOver:
    recipient = policy.recipients.get(entry.recipient.partition(":")[0])
    return HandOver(
        to=entry.recipient_name,
        as_what=recipient.title if recipient else "",
        kinds=kinds_in_words(policy, entry.kinds),
        at_utc=entry.at_utc,
        anchor=entry.section,
    )


def _kept_back(entries: Sequence[Entry], given: Sequence[Entry]) -> list[str]:
    went = {kind for entry in given for kind in entry.kinds}
    collected = (kind for entry in entries if entry.kind == "collected" for kind in entry.kinds)
    return [kind for kind in dict.fromkeys(collected) if kind not in went]
