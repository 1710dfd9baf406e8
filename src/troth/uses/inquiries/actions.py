"""What happens with an inquiry: received, then assigned with a receipt."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import gate, in_force, outbox, queue
from troth.cases import actions as cases
from troth.cases import events, timing
from troth.cases.emails import describe_due, post_receipt
from troth.cases.kinds import CaseKind, Nothing, never
from troth.cases.models import Case, by_id, extend_case
from troth.cases.thread import writing
from troth.collection.intake import Intake
from troth.collection.mailbox.keeping import PLACE
from troth.desk.portal import describe_other_end
from troth.desk.receipts import RequestReceipt, describe_closing, receipt_of
from troth.site import site
from troth.uses.inquiries.models import Inquiry
from troth.words import promises
from troth.words.values import in_sentence

PURPOSE = "inquiries"
PROGRAM = "program:inquiries"
PROMISE = "inquiries.answer"
REGISTER = "form.register"
_NOT_HELD = "not held"
"""What the law says of the email of someone who called and gave none: they are called back."""


@dataclass(frozen=True, kw_only=True)
class InquiryFacts(outbox.EmailFacts):
    """`staff`: who answers, in a sentence; `promised`: "yes" where the policy promises a time.

    left_out  as in `RequestFacts`
    product   what an interest was registered in, by its name, and `page`: the path of its page"""

    number: str
    staff: str
    due: str
    promised: str = ""
    left_out: str = ""
    product: str = ""
    page: str = ""


def _queue_assignment(case: Case, at_utc: datetime) -> None:
    queue.defer("inquiries.assign", soon=True, inquiry=str(case.id))  # by name: the job imports us


INQUIRY: CaseKind[Nothing] = CaseKind(
    id="inquiry",
    prefix="I",
    title=gettext_lazy("Message"),
    purpose=PURPOSE,
    queue="staff.sales",
    clock=timing.answer(PROMISE),
    promise=PROMISE,
    routed=True,
    emails=("reply", "answered"),
    reopens=True,
    page="conversation",
    at_once=_queue_assignment,
    finish=cases.note_answer,
    deniable=never,
)


def record(intake: Intake) -> Inquiry:
    """Stores the inquiry as `received` and queues its job, in the caller's transaction."""
    case = writing.open_with(INQUIRY, intake, queue=_queue(intake.place))
    product = intake.values.get("product", "")
    return extend_case(Inquiry, case, place=intake.place, version=intake.version, product=product)


def assign(inquiry: UUID, *, at_utc: datetime) -> None:
    """Puts the inquiry in its staff's queue and queues the receipt. Repeating it changes nothing."""
    asked = Inquiry.objects.get(pk=inquiry)
    if asked.state != Case.RECEIVED:
        return
    decided = gate.decide(asked.asker, PURPOSE, ["email"])["email"]
    with transaction.atomic():
        locked = Inquiry.objects.select_for_update().get(pk=inquiry)
        if locked.state != Case.RECEIVED:
            return
        if decided.allowed or decided.code == _NOT_HELD:
            _assign(locked, at_utc=at_utc)
        else:
            _refuse(locked, decided.code)


def receipt(cause: UUID) -> RequestReceipt | None:
    """What the receipt page says; nothing if this room has no such request."""
    asked = by_id(Inquiry).first(id=cause)
    if asked is None:
        return None
    return receipt_of(
        asked,
        describe(asked),
        waiting=asked.state == Case.RECEIVED,
        onward=_list_onward(asked) if asked.place == REGISTER else (),
        mailed=True,
    )


def _list_onward(inquiry: Inquiry) -> list[tuple[str, str]]:
    """Where what an interest was registered in can be read: its product, or all of them, and the newsletters."""
    product, collects = site().products.get(inquiry.product), in_force.policy().collects
    about = (f"/products/{product.slug}/", product.name) if product else ("/products/", _("All products"))
    asking = [("/contact/", _("Ask a question"))] if "form.contact" in collects else []
    news = [("/newsletters/", _("Newsletters"))] if "form.news" in collects else []
    return [about, *news, *asking]


def describe(inquiry: Inquiry) -> tuple[str, str]:
    """Heading and lead of the receipt: who has it, and what comes next."""
    if ended := describe_other_end(inquiry):
        return ended
    product = site().name_product(inquiry.product)
    about = _(" about %(product)s") % {"product": product} if product else ""
    match inquiry.stage:
        case Case.ERASED:
            return _("We no longer hold data about you"), _("We deleted your data, and this message with it.")
        case Case.RECEIVED:
            return _("We received your message%(about)s") % {"about": about}, _(
                "We’re passing it on. Refresh in a moment to see who will answer."
            )
        case Case.REFUSED:
            return _("We did not pass on your message"), _(
                "Our privacy policy doesn’t allow it, so nobody received anything."
            )
        case Case.ANSWERED:
            return _("Your message%(about)s was answered") % {"about": about}, describe_closing(
                inquiry.answered_by, inquiry.answered_utc
            )
    return _("Your message%(about)s is with %(staff)s") % {"about": about, "staff": _staff(inquiry)}, _(
        "They answer at the address you gave, and use what you wrote for nothing else."
    )


def _refuse(inquiry: Inquiry, code: str) -> None:
    """Closes an inquiry that the policy doesn't allow: staff and the person see why."""
    cases.refuse(inquiry.pk, because=code, at_utc=timezone.now(), who=PROGRAM)
    outbox.note_held(person=inquiry.asker, purpose=PURPOSE, email="inquiries/receipt", code=code, cause=inquiry.id)


def _assign(inquiry: Inquiry, *, at_utc: datetime) -> None:
    Inquiry.objects.filter(pk=inquiry.pk).update(assigned_utc=at_utc)
    events.add(inquiry, "passed on", who=PROGRAM, at_utc=at_utc)
    product = site().products.get(inquiry.product) if inquiry.place == REGISTER else None
    facts = InquiryFacts(
        number=inquiry.number,
        product=product.name if product else "",
        page=f"/products/{product.slug}/" if product else "",
        staff=_staff(inquiry),
        promised="yes" if promises.find_promise(PROMISE) else "",
        due=describe_due(inquiry),
        left_out=events.explain_left_out(inquiry),
    )
    post_receipt(inquiry, facts, who=PROGRAM, at_utc=at_utc)


def _queue(place: str) -> str:
    """The staff who answer: of those whom the policy names for inquiries, support reads what people write."""
    purpose = in_force.policy().purposes.get(PURPOSE)
    staff = [name for name in purpose.recipients if name.startswith("staff.")] if purpose else []
    preferred = "staff.support" if place in ("form.contact", PLACE) else "staff.sales"
    return preferred if preferred in staff else (staff or ["staff.sales"])[0]


def _staff(inquiry: Inquiry) -> str:
    recipient = in_force.policy().recipients.get(inquiry.queue)
    return in_sentence(recipient.title) if recipient else inquiry.queue
