"""What a private link shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth import gate
from troth.access import looks
from troth.access.keeping import find_ends_of_kinds
from troth.collection.forms.types import TYPES
from troth.policy.terms import Kind
from troth.records import ledger
from troth.records.ledger import LedgerEntry, issuing
from troth.records.ledger.receipts import write_file
from troth.security.links import Link, address
from troth.words.values import in_words

PURPOSE = "access"


@dataclass(frozen=True)
class DescribedValue:
    """One value that she gave us, as this link may show it; `since` is when we got it last, `kept` says until when."""

    kind: Kind
    value: str
    covered: bool
    since: datetime | None
    kept: str


def values_shown(link: Link, *, of_request: UUID | None = None) -> list[DescribedValue]:
    """What we hold about the person, read through a grant for Access; covered for a link that may not show it."""
    since = ledger.find_collected(link.person_id, cause=of_request)
    given = _look(link, list(since))
    policy = gate.policy()
    values = given.values if given else {}
    kept = find_ends_of_kinds(link.person_id, cause=link.request) if values else {}
    return [
        _describe(policy.kinds[kind], values[kind], link, since[kind], kept.get(kind, ""))
        for kind in policy.kinds
        if kind in since and kind in values
    ]


def receipts_of(link: Link, *, at_utc: datetime) -> Mapping[UUID, str]:
    """Request → the path of its receipt, for the person's requests whose receipt can still be opened."""
    living = Link.objects.filter(person=link.person_id, power=Link.MASKED, expires_utc__gt=at_utc)
    return {found.request: address(found, "receipt") for found in living if found.request}


def entries_of(link: Link) -> Sequence[LedgerEntry]:
    """Everything in the person's ledger, with the uses of many people that she was among, newest first."""
    own, bulk = ledger.history(link.person_id), ledger.bulk_uses_of(link.person_id)
    return sorted([*own, *bulk], key=lambda entry: (entry.at_utc, entry.id), reverse=True) if bulk else own


def receipts_of_entries(link: Link, *, entry: str = "") -> str:
    """The file of receipts for the person's entries and the bulk uses she was among, or for one of them.

    What is not sealed yet has no receipt; the file is empty where there is none. Raises LedgerRefused, NoteProblem."""
    made = issuing.receipts([each for each in entries_of(link) if entry in ("", str(each.id))])
    return write_file(made) if made else ""


def ledger_published() -> Mapping[str, object]:
    """What anybody may hold against receipts: the public keys and the latest checkpoint."""
    return {
        "keys": [{"key": str(key), "fingerprint": key.fingerprint} for key in issuing.public_keys()],
        "checkpoint": issuing.latest_note(),
    }


def _describe(kind: Kind, value: str, link: Link, since: datetime, kept: str) -> DescribedValue:
    cover = link.power == Link.MASKED and kind.sensitivity != "describing"
    return DescribedValue(kind, TYPES[kind.type].cover(value) if cover else in_words(kind, value), cover, since, kept)


def _look(link: Link, kinds: Sequence[str]) -> gate.Given | None:
    """The values by the grant of the last look while it is open, else by a new one: turning a page is one look."""
    if not kinds:
        return None
    reason = looks.COVERED if link.power == Link.MASKED else looks.LINK
    given = gate.look(
        held=link.grant,
        person=link.person_id,
        purpose=PURPOSE,
        kinds=kinds,
        who="person",
        reason=reason,
        cause=link.request,
    )
    if isinstance(given, gate.Refused):
        return None
    if given.grant.id != link.grant:
        Link.objects.filter(pk=link.pk).update(grant=given.grant.id)
    return given
