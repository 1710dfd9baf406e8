"""A quote request as its author sees it in the portal."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.cases.models import Case
from troth.desk.portal import (
    ProductLine,
    RequestState,
    RequestView,
    describe_state,
    find_holder,
    list_product_lines,
    read_row,
    search_products,
)
from troth.site import site
from troth.uses.quotes import actions
from troth.uses.quotes.models import QuoteRequest


def find_subject(case: Case) -> str:
    """For example Service for OptiPro Process, 40 users."""
    quote = read_row(QuoteRequest, case)
    product = site().name_product(quote.product) or _("Products to be chosen")
    told = ", ".join(filter(None, (product, _describe(quote))))
    return _("Service for %(product)s") % {"product": told} if quote.need == "service" else told


def tell_state(case: Case) -> RequestState:
    """The state in the words of the receipt: who has it, and whether it reached them."""
    heading, lead = actions.describe(read_row(QuoteRequest, case))
    return replace(describe_state(case), next=" ".join(filter(None, (f"{heading}.", lead))))


def find_named_holder(case: Case) -> tuple[str, str]:
    """The salesperson, distributor or consultant whom a rule chose; until then our staff."""
    name, _comma, organization = read_row(QuoteRequest, case).recipient_name.partition(", ")
    return (name, organization) if name else find_holder(case)


def list_products(people: Sequence[UUID]) -> Iterable[ProductLine]:
    """Products that they asked quotes for."""
    return list_product_lines(VIEW, people, details=_describe)


def _describe(quote: QuoteRequest) -> str:
    """For example Enterprise, 40 users."""
    return ", ".join(filter(None, (site().name_edition(quote.product, quote.edition), count_users(quote))))


def count_users(quote: QuoteRequest) -> str:
    return ngettext("%d user", "%d users", quote.users) % quote.users if quote.users else ""


VIEW = RequestView(
    table=QuoteRequest,
    subject=find_subject,
    state=tell_state,
    holder=find_named_holder,
    sought=search_products("quote__product"),
    promise=actions.PROMISE,
    outside=lambda case: actions.tell_outside(read_row(QuoteRequest, case)),
)
