"""The values and entries that a private link may show."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth import gate, in_force
from troth.access import looks
from troth.access.keeping import HeldSpan, find_spans
from troth.collection.forms.types import TYPES
from troth.desk import index
from troth.desk.receipts import RequestReceipt
from troth.policy.terms import Kind
from troth.records import ledger
from troth.records.ledger import LedgerEntry, issuing
from troth.records.ledger.receipts import write_file
from troth.security.links import Link, LinkLook, address
from troth.words.values import in_words

PURPOSE = "access"


@dataclass(frozen=True)
class DescribedValue:
    """One value that they gave us, as this link may show it; `since` is when we got it last, `kept` says until when."""

    kind: Kind
    value: str
    covered: bool
    since: datetime | None
    kept: str


def values_shown(link: Link, *, of_request: UUID | None = None) -> list[DescribedValue]:
    """The person's values, read through a grant for Access; partly hidden where the link may not show them."""
    spans = find_spans(link.person_id, cause=link.request, only=of_request)
    given = _look(link, list(spans))
    policy = in_force.policy()
    values = given.values if given else {}
    return [
        _describe(policy.kinds[kind], values[kind], link, spans[kind])
        for kind in policy.kinds
        if kind in spans and kind in values
    ]


def receipts_of(link: Link, *, at_utc: datetime) -> Mapping[UUID, str]:
    """Request → the path of its receipt, for the person's requests whose receipt can still be opened."""
    living = Link.objects.filter(person=link.person_id, power=Link.MASKED, expires_utc__gt=at_utc)
    return {found.request: address(found, "receipt") for found in living if found.request}


def entries_of(people: Collection[UUID]) -> Sequence[LedgerEntry]:
    """Everything in these people's ledger, with the uses of many people that they were among, newest first."""
    return ledger.Past(people)[:]


def receipts_of_entries(people: Collection[UUID], *, entry: str) -> str:
    """The file of receipts for these people's entries and the bulk uses they were among, or for one of them.

    What is not sealed yet has no receipt; the file is empty where there is none. Raises LedgerRefused, NoteProblem."""
    made = issuing.receipts([each for each in entries_of(people) if entry in ("", str(each.id))])
    return write_file(made) if made else ""


def ledger_published() -> Mapping[str, object]:
    """The public keys and the latest checkpoint, for checking receipts."""
    return {
        "keys": [{"key": str(key), "fingerprint": key.fingerprint} for key in issuing.public_keys()],
        "checkpoint": issuing.latest_note(),
    }


def _describe(kind: Kind, value: str, link: Link, span: HeldSpan) -> DescribedValue:
    cover = link.power == Link.MASKED and kind.sensitivity != "describing"
    shown = TYPES[kind.type].cover(value) if cover else in_words(kind, value)
    return DescribedValue(kind, shown, cover, span.since_utc, span.kept)


def _look(link: Link, kinds: Sequence[str]) -> gate.Given | None:
    if not kinds:
        return None
    reason = looks.COVERED if link.power == Link.MASKED else looks.LINK
    given = gate.look(
        place=LinkLook(link),
        person=link.person_id,
        purpose=PURPOSE,
        kinds=kinds,
        who="person",
        reason=reason,
        cause=link.request,
    )
    return None if isinstance(given, gate.Refused) else given


def find_receipt(cause: UUID) -> RequestReceipt | None:
    """What a room says of this request on its receipt page."""
    asked = (room.receipt(cause) for room in index.rooms() if room.receipt)
    return next((told for told in asked if told is not None), None)


def is_alike(link: Link) -> bool:
    """Whether the link is of a receipt that says the same to everyone. What tells more stays closed to it."""
    told = find_receipt(link.request) if link.power == Link.MASKED and link.request else None
    return told is not None and told.alike
