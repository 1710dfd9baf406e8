"""Inquiries in the console: the list, and one of them opened."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import gate
from troth.collection.site import site
from troth.desk import lines, reading
from troth.desk.lines import WorkLine
from troth.desk.reading import Step
from troth.desk.worklist import WorkList
from troth.uses.inquiries import actions
from troth.uses.inquiries.models import Inquiry
from troth.words.values import why_in_words


def line(inquiry: Inquiry, at_utc: datetime) -> WorkLine:
    mark, when = (
        lines.urgency(inquiry.due_utc, at_utc)
        if inquiry.state == Inquiry.ASSIGNED
        else lines.describe_settled(inquiry.state)
    )
    policy = gate.policy()
    place, queue = policy.collects.get(inquiry.place), policy.recipients.get(inquiry.queue)
    product = site().products.get(inquiry.product)
    return WorkLine(
        number=inquiry.number,
        address=f"/console/inquiries/{inquiry.number}/",
        about=", ".join(filter(None, (place.title if place else inquiry.place, product.name if product else ""))),
        alarm=why_in_words(inquiry.alarm),
        mark=mark,
        when=when,
        received_utc=inquiry.received_utc,
        age=lines.age(inquiry.received_utc, at_utc),
        due_utc=inquiry.due_utc,
        owner=queue.title if queue else inquiry.queue,
        rule="",
    )


def steps(inquiry: Inquiry) -> list[Step]:
    """From received to answered, as far as it came."""
    found = [reading.make_received_step(inquiry.place, inquiry.received_utc)]
    if inquiry.assigned_utc:
        found.append(Step(_("In the shared queue"), inquiry.assigned_utc))
    found += reading.make_answered_steps(inquiry.answered_by, inquiry.answered_utc)
    return sorted([*found, *reading.make_email_steps(inquiry.id)], key=lambda step: step.at_utc)


def found(query: QueryDict) -> "QuerySet[Inquiry]":
    """All of them, newest first."""
    return Inquiry.objects.order_by("-received_utc")


def _due() -> "QuerySet[Inquiry]":
    return Inquiry.objects.filter(state=Inquiry.ASSIGNED)


def _waiting() -> Iterable[Inquiry]:
    return Inquiry.objects.filter(state=Inquiry.RECEIVED)


WORK = WorkList(
    name="inquiries",
    title=gettext_lazy("Inquiries"),
    purpose=actions.PURPOSE,
    promise=actions.PROMISE,
    model=Inquiry,
    template="inquiries/work_list.html",
    due=_due,
    waiting=_waiting,
    line=line,
    steps=steps,
    answer=actions.answer,
    found=found,
)
