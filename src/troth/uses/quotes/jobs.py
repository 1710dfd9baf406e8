"""Jobs behind the page. Killed at any point, they can run again without losing or doubling anything."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.uses.quotes import actions


@queue.task("quotes.route", _("Assign a quote request"))
def route(quote: str) -> None:
    """Passes a received request on."""
    actions.route(UUID(quote), at_utc=queue.now())
