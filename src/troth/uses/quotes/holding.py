"""What this room holds about someone besides their values, for their copy."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.desk.holding import hold_requests
from troth.site import site
from troth.uses.quotes.models import QuoteRequest


def _tell(quote: QuoteRequest) -> Iterable[tuple[str, str]]:
    yield _("Product"), site().name_product(quote.product) or quote.product
    yield _("Users"), str(quote.users or "")
    yield _("Answered by"), quote.recipient_name


HELD = hold_requests(QuoteRequest, gettext_lazy("Request %(number)s"), _tell)
