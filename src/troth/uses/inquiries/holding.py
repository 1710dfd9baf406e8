"""What this room holds about someone besides their values, for their copy."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.desk.holding import hold_requests
from troth.site import site
from troth.uses.inquiries.models import Inquiry


def _tell(inquiry: Inquiry) -> Iterable[tuple[str, str]]:
    yield _("Product"), site().name_product(inquiry.product) or inquiry.product


def correct(request: UUID, kind: str, value: str) -> None:
    """What the inquiry is about, as its customer has corrected it."""
    if kind == "product":
        Inquiry.objects.filter(pk=request).update(product=value)


HELD = hold_requests(Inquiry, gettext_lazy("Inquiry %(number)s"), _tell)
