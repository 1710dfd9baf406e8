"""What happens with an inquiry: T1 received, T2 granted, T3 assigned with a receipt."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from troth import catalog, gate, outbox
from troth.collection import deadlines
from troth.collection.receipts import Receipt
from troth.collection.site import site
from troth.collection.wording import in_sentence
from troth.security import links
from troth.uses.inquiries.models import Inquiry, InquiryNumber

PURPOSE = "inquiries"
PROGRAM = "program:inquiries"


def record(
    values: Mapping[str, str], *, request: UUID, person: UUID, place: str, version: int, at_utc: datetime
) -> Inquiry:
    """The inquiry `received` and its job queued, in the caller's transaction."""
    jobs.configure_task("inquiries.assign").defer(inquiry=str(request))  # by name: the job imports us
    return Inquiry.objects.create(
        id=request,
        number=f"I-{at_utc.year}-{InquiryNumber.objects.create().pk:04d}",
        person_id=person,
        place=place,
        version=version,
        product=values.get("product", ""),
        queue=_queue(place),
        received_utc=at_utc,
        due_utc=deadlines.due(at_utc, site().brand.zone, site().brand.calendar),
    )


def assign(inquiry: UUID, *, at_utc: datetime) -> None:
    """T2 and T3: the inquiry in its staff's queue and the receipt queued. What is done is not done twice."""
    asked = Inquiry.objects.get(pk=inquiry)
    if asked.state != Inquiry.RECEIVED:
        return
    reason = _("to write you the receipt of your inquiry %(number)s") % {"number": asked.number}
    grant = gate.grant(
        person=asked.person_id, purpose=PURPOSE, kinds=["name", "email"], who=PROGRAM, reason=reason, request=asked.id
    )
    if isinstance(grant, gate.Refused):
        alarm = str(catalog.Reason("refused", {"because": grant.decision.code}))
        Inquiry.objects.filter(pk=inquiry, state=Inquiry.RECEIVED).update(state=Inquiry.REFUSED, alarm=alarm)
        return
    given = gate.read(grant)
    with transaction.atomic():
        locked = Inquiry.objects.select_for_update().get(pk=inquiry)
        if locked.state == Inquiry.RECEIVED:
            _assign(locked, given, at_utc=at_utc)


def answer(inquiry: UUID) -> None:
    """The inquiry closed: somebody has answered."""
    Inquiry.objects.filter(pk=inquiry, state=Inquiry.ASSIGNED).update(state=Inquiry.ANSWERED)


def receipt(request: UUID) -> Receipt | None:
    """What the receipt page says; nothing if this room has no such request."""
    asked = Inquiry.objects.filter(pk=request).first()
    if asked is None:
        return None
    product = site().products.get(asked.product)
    about = _(" about %(product)s") % {"product": product.name} if product else ""
    return Receipt(
        request=asked.id,
        number=asked.number,
        received_utc=asked.received_utc,
        heading=_("Your message%(about)s is with %(staff)s") % {"about": about, "staff": _staff(asked)},
        lead=_("They answer to the address that you gave, and use what you wrote for nothing else."),
        purpose=PURPOSE,
        due_utc=asked.due_utc,
        waiting=asked.state == Inquiry.RECEIVED,
    )


def _assign(inquiry: Inquiry, given: gate.Given, *, at_utc: datetime) -> None:
    inquiry.state, inquiry.assigned_utc = Inquiry.ASSIGNED, at_utc
    inquiry.save(update_fields=["state", "assigned_utc"])
    link = links.make(
        link=gate.new_id(), person=inquiry.person_id, power=links.Link.FULL, request=inquiry.id, at_utc=at_utc
    )
    facts = {
        "number": inquiry.number,
        "staff": _staff(inquiry),
        "due": formats.date_format(timezone.localtime(inquiry.due_utc, site().brand.zone), "D j M Y, H:i T"),
        "link": str(link.id),
    }
    outbox.post(permit=given, template="inquiries/receipt", facts=facts, kinds=["name"], request=inquiry.id)


def _queue(place: str) -> str:
    """The staff who answer: of those whom the policy names for inquiries, support reads what people write."""
    purpose = gate.policy().purposes.get(PURPOSE)
    staff = [name for name in purpose.recipients if name.startswith("staff.")] if purpose else []
    preferred = "staff.support" if place == "form.contact" else "staff.sales"
    return preferred if preferred in staff else (staff or ["staff.sales"])[0]


def _staff(inquiry: Inquiry) -> str:
    recipient = gate.policy().recipients.get(inquiry.queue)
    return in_sentence(recipient.title) if recipient else inquiry.queue
