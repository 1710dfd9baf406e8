"""What happens with a request for support: received, receipt emailed, answered."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from tests.house.example.models import Plea

from troth import gate, outbox
from troth.desk.receipts import RequestReceipt
from troth.security import links

PURPOSE = "support"


def record(
    values: Mapping[str, str], *, request: UUID, person: UUID, place: str, version: int, at_utc: datetime
) -> Plea:
    """The request kept, in the caller's transaction."""
    return Plea.objects.create(
        id=request,
        number=f"S-{Plea.objects.count() + 1}",
        person_id=person,
        product=values["product"],
        received_utc=at_utc,
        due_utc=at_utc + timedelta(days=2),
    )


def confirm(plea: UUID, *, at_utc: datetime) -> None:
    """The receipt, emailed to the person."""
    asked = Plea.objects.get(pk=plea)
    with transaction.atomic():
        link = links.make(
            link=gate.new_id(), person=asked.person_id, power=links.Link.FULL, request=asked.id, at_utc=at_utc
        )
        facts = {"number": asked.number, "link": str(link.id)}
        outbox.post(
            person=asked.person_id,
            purpose=PURPOSE,
            email="support/receipt",
            kinds=["name"],
            facts=facts,
            request=asked.id,
        )


def answer(plea: UUID, /, *, who: str, at_utc: datetime) -> bool:
    """The request closed. False for one that is not open."""
    with transaction.atomic():
        found = Plea.objects.select_for_update().get(pk=plea)
        if found.state != "received":
            return False
        found.state, found.answered_utc, found.answered_by = "answered", at_utc, who
        found.save()
        gate.note(person=found.person_id, kind="support/helped", purpose=PURPOSE, who=who, request=found.id, payload={})
    return True


def receipt(request: UUID) -> RequestReceipt | None:
    plea = Plea.objects.filter(pk=request).first()
    if plea is None:
        return None
    return RequestReceipt(
        plea.id, plea.number, plea.received_utc, "We have your request", "", PURPOSE, due_utc=plea.due_utc
    )
