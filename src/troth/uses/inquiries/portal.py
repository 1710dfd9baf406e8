"""A message as its author sees it in the portal."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from troth import in_force
from troth.cases.models import Case
from troth.desk.portal import (
    ProductLine,
    RequestState,
    RequestView,
    describe_state,
    list_product_lines,
    read_row,
    search_products,
)
from troth.site import site
from troth.uses.inquiries import actions
from troth.uses.inquiries.models import Inquiry


def find_subject(case: Case) -> str:
    """The subject, such as “Question about OptiPro Process”; without a product, the form's title."""
    inquiry = read_row(Inquiry, case)
    place = in_force.policy().collects.get(inquiry.place)
    if product := site().name_product(inquiry.product):
        return _("Question about %(product)s") % {"product": product}
    return place.title if place else _("Message")


def tell_state(case: Case) -> RequestState:
    """The state in the words of the receipt."""
    heading, lead = actions.describe(read_row(Inquiry, case))
    return replace(describe_state(case), next=f"{heading}. {lead}")


def list_products(people: Sequence[UUID]) -> Iterable[ProductLine]:
    """Products that they asked about."""
    return list_product_lines(VIEW, people)


VIEW = RequestView(
    table=Inquiry,
    subject=find_subject,
    state=tell_state,
    sought=search_products("inquiry__product"),
    promise=actions.PROMISE,
)
