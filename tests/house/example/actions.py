"""What happens with a request for support: received, receipt emailed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from tests.house.example.kinds import PLEA, PURPOSE, Wanted
from tests.house.example.models import Plea

from troth import gate, outbox
from troth.cases import actions as cases
from troth.cases.models import Case
from troth.collection.intake import Intake
from troth.desk.receipts import RequestReceipt
from troth.security import links


@dataclass(frozen=True, kw_only=True)
class PleaFacts(outbox.EmailFacts):
    """What the email says besides values."""

    number: str


def record(intake: Intake) -> Case:
    """The request kept, in the caller's transaction, with its row of the room's own table."""
    facts = Wanted(intake.place)
    case = cases.open_case(PLEA, cases.CaseArrival.of(intake), facts).case
    Plea.objects.create(case_id=case.pk, person_id=intake.person, product=intake.values["product"])
    return case


def confirm(plea: UUID, *, at_utc: datetime) -> None:
    """The receipt, emailed to the person."""
    asked = Case.objects.get(pk=plea)
    with transaction.atomic():
        link = links.make(link=gate.new_id(), person=asked.asker, power=links.Link.FULL, cause=plea, at_utc=at_utc)
        facts = PleaFacts(number=asked.number, link=link.id)
        outbox.post(
            person=asked.asker,
            purpose=PURPOSE,
            email="support/receipt",
            kinds=["name"],
            facts=facts,
            cause=asked.id,
        )


def receipt(cause: UUID) -> RequestReceipt | None:
    plea = Case.objects.filter(pk=cause, kind=PLEA.id).first()
    if plea is None:
        return None
    return RequestReceipt(
        plea.id, plea.number, plea.received_utc, "We have your request", "", PURPOSE, due_utc=plea.due_utc
    )
