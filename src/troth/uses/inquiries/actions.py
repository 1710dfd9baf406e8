"""What happens with an inquiry: received, then assigned with a receipt."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from troth import catalog, gate, outbox, queue
from troth.collection.site import site
from troth.desk.receipts import RequestReceipt, describe_closing
from troth.security import links
from troth.uses.inquiries.models import Inquiry, InquiryNumber
from troth.words import promises
from troth.words.values import in_sentence

PURPOSE = "inquiries"
PROMISE = "inquiries.answer"


def record(
    values: Mapping[str, str], *, request: UUID, person: UUID, place: str, version: int, at_utc: datetime
) -> Inquiry:
    """The inquiry `received` and its job queued, in the caller's transaction."""
    gate.open_request(person, request)
    queue.defer("inquiries.assign", inquiry=str(request))  # by name: the job imports us
    return Inquiry.objects.create(
        id=request,
        number=f"I-{at_utc.year}-{InquiryNumber.objects.create().pk:04d}",
        person_id=person,
        place=place,
        version=version,
        product=values.get("product", ""),
        queue=_queue(place),
        received_utc=at_utc,
        due_utc=promises.answer_due(PROMISE, at_utc),
    )


def assign(inquiry: UUID, *, at_utc: datetime) -> None:
    """The inquiry in its staff's queue and the receipt queued. What is done is not done twice."""
    asked = Inquiry.objects.get(pk=inquiry)
    if asked.state != Inquiry.RECEIVED:
        return
    decided = gate.decide(asked.person_id, PURPOSE, ["email"])["email"]
    with transaction.atomic():
        locked = Inquiry.objects.select_for_update().get(pk=inquiry)
        if locked.state != Inquiry.RECEIVED:
            return
        if decided.allowed:
            _assign(locked, at_utc=at_utc)
        else:
            _refuse(locked, decided.code)


def answer(inquiry: UUID, *, who: str, at_utc: datetime) -> bool:
    """The inquiry closed, for somebody says that it was answered: who said so stands in the person's history.

    Gives  False for an inquiry that is not open, which stays as it is."""
    with transaction.atomic():
        found = Inquiry.objects.select_for_update().get(pk=inquiry)
        if found.state != Inquiry.ASSIGNED:
            return False
        found.state, found.answered_utc, found.answered_by = Inquiry.ANSWERED, at_utc, who
        found.save(update_fields=["state", "answered_utc", "answered_by"])
        gate.note(
            person=found.person_id,
            kind="answered",
            purpose=PURPOSE,
            who=who,
            request=found.id,
            payload={"number": found.number},
        )
    return True


def receipt(request: UUID) -> RequestReceipt | None:
    """What the receipt page says; nothing if this room has no such request."""
    asked = Inquiry.objects.filter(pk=request).first()
    if asked is None:
        return None
    heading, lead = _words(asked)
    return RequestReceipt(
        request=asked.id,
        number=asked.number,
        received_utc=asked.received_utc,
        heading=heading,
        lead=lead,
        purpose=PURPOSE,
        due_utc=asked.due_utc if _is_open(asked) and promises.promised(PROMISE) else None,
        waiting=asked.state == Inquiry.RECEIVED,
    )


def _is_open(inquiry: Inquiry) -> bool:
    return inquiry.state in (Inquiry.RECEIVED, Inquiry.ASSIGNED)


def _words(inquiry: Inquiry) -> tuple[str, str]:
    product = site().products.get(inquiry.product)
    about = _(" about %(product)s") % {"product": product.name} if product else ""
    match inquiry.state:
        case Inquiry.ERASED:
            return _("We no longer hold data about you"), _("We deleted your data, and this message with it.")
        case Inquiry.RECEIVED:
            return _("We received your message%(about)s") % {"about": about}, _(
                "We’re passing it on. Refresh in a moment to see who will answer."
            )
        case Inquiry.REFUSED:
            return _("We did not pass on your message"), _(
                "Our privacy policy does not allow it, so nobody received anything."
            )
        case Inquiry.ANSWERED:
            return _("Your message%(about)s was answered") % {"about": about}, describe_closing(
                inquiry.answered_by, inquiry.answered_utc
            )
    return _("Your message%(about)s is with %(staff)s") % {"about": about, "staff": _staff(inquiry)}, _(
        "They answer at the address you gave, and use what you wrote for nothing else."
    )


def _refuse(inquiry: Inquiry, code: str) -> None:
    """The policy does not allow it (any more): staff and the person see why, and the inquiry is closed."""
    inquiry.state, inquiry.alarm = Inquiry.REFUSED, str(catalog.RoutingReason("refused", {"because": code}))
    inquiry.save(update_fields=["state", "alarm"])
    outbox.note_held(
        person=inquiry.person_id, purpose=PURPOSE, email="inquiries/receipt", code=code, request=inquiry.id
    )
    gate.close_request(inquiry.person_id, inquiry.id)


def _assign(inquiry: Inquiry, *, at_utc: datetime) -> None:
    inquiry.state, inquiry.assigned_utc = Inquiry.ASSIGNED, at_utc
    inquiry.save(update_fields=["state", "assigned_utc"])
    link = links.make(
        link=gate.new_id(), person=inquiry.person_id, power=links.Link.FULL, request=inquiry.id, at_utc=at_utc
    )
    facts = {
        "number": inquiry.number,
        "staff": _staff(inquiry),
        "promised": "yes" if promises.promised(PROMISE) else "",
        "due": formats.date_format(timezone.localtime(inquiry.due_utc, site().brand.zone), "D, M j, Y, g:i A T"),
        "link": str(link.id),
    }
    outbox.post(
        person=inquiry.person_id,
        purpose=PURPOSE,
        email="inquiries/receipt",
        kinds=["name"],
        facts=facts,
        request=inquiry.id,
    )


def _queue(place: str) -> str:
    """The staff who answer: of those whom the policy names for inquiries, support reads what people write."""
    purpose = gate.policy().purposes.get(PURPOSE)
    staff = [name for name in purpose.recipients if name.startswith("staff.")] if purpose else []
    preferred = "staff.support" if place == "form.contact" else "staff.sales"
    return preferred if preferred in staff else (staff or ["staff.sales"])[0]


def _staff(inquiry: Inquiry) -> str:
    recipient = gate.policy().recipients.get(inquiry.queue)
    return in_sentence(recipient.title) if recipient else inquiry.queue
