"""Queueing a letter: with a permit of the gate, in the transaction of the fact that it tells of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from troth import queue
from troth.gate import Disclosure, Given, new_id
from troth.gate import policy as gate_policy
from troth.outbox import finished, writing
from troth.outbox.models import FAREWELL, Letter
from troth.seal import vault


class NoPermit(Exception):
    """A letter was posted without what the gate made."""


@dataclass(frozen=True)
class EmailRecipient:
    """Somebody else than the person: a salesperson, distributor or consultant of the site's routing."""

    key: str
    name: str
    address: str


def post(
    *,
    permit: Given | Disclosure,
    template: str,
    to: EmailRecipient | None = None,
    facts: Mapping[str, Any] | None = None,
    kinds: Sequence[str] | None = None,
    request: UUID,
) -> Letter:
    """The queued letter, delivered by a job once the transaction commits; the same one if it was posted before.

    Takes   `to` None for the person herself; a recipient only with a Disclosure to exactly that recipient.
    Raises  NoPermit."""
    grant, allowed = _permitted(permit, to)
    letter, new = Letter.objects.get_or_create(
        request=request,
        template=template,
        to=f"{permit.recipient_class}:{to.key}" if to and isinstance(permit, Disclosure) else "person",
        defaults={
            "id": new_id(),
            "person_id": grant.person,
            "permit": permit.id if isinstance(permit, Disclosure) else grant.id,
            "purpose": grant.purpose,
            "kinds": [kind for kind in (kinds if kinds is not None else allowed) if kind in allowed],
            "facts": dict(facts or {}),
            "to_name": to.name if to else "",
            "to_sealed_address": vault().seal_address(to.address) if to else None,
            "queued_utc": datetime.now(UTC),
        },
    )
    if new:
        queue.defer("outbox.deliver", letter=str(letter.id))  # by name: the job imports us
    return letter


def post_finished(
    *, permit: Given, template: str, facts: Mapping[str, Any], kinds: Sequence[str], request: UUID
) -> Letter:
    """A letter written now, at the address that `permit` opened, for whoever is forgotten in the same transaction.

    The gate is not asked again at delivery, so only what nobody may say no to is written like this.
    Raises  NoPermit: no address in the permit, or a purpose that one may say no to."""
    grant, values = permit.grant, permit.values
    if "email" not in values or gate_policy().purposes[grant.purpose].choice != "none":
        raise NoPermit("A letter is finished early only for an address that was read, and a purpose without a choice.")
    letter, new = Letter.objects.get_or_create(
        request=request,
        template=template,
        to=FAREWELL,
        defaults={
            "id": new_id(),
            "person_id": grant.person,
            "permit": grant.id,
            "purpose": grant.purpose,
            "kinds": list(kinds),
            "facts": dict(facts),
            "queued_utc": datetime.now(UTC),
        },
    )
    if new:
        shown = {kind: value for kind, value in values.items() if kind in kinds}
        finished.keep(letter, writing.message(letter, address=values["email"], values=shown))
        queue.defer("outbox.deliver", letter=str(letter.id))
    return letter


def _permitted(permit: Given | Disclosure, to: EmailRecipient | None) -> tuple[Any, tuple[str, ...]]:
    if isinstance(permit, Disclosure):
        if to is None or to.key != permit.recipient:
            raise NoPermit("A disclosure permits a letter to its own recipient only.")
        return permit.grant, permit.kinds
    if not isinstance(permit, Given) or to is not None:
        raise NoPermit("A letter leaves only with what the gate gave: values for the person, a disclosure for others.")
    return permit.grant, tuple(permit.values)
