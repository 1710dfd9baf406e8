"""Jobs behind the page. Killed at any point, they can run again without losing or doubling anything."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.uses.inquiries import actions


@queue.task("inquiries.assign", _("Pass on an inquiry"))
def assign(inquiry: str) -> None:
    """Brings a received inquiry to its staff."""
    actions.assign(UUID(inquiry), at_utc=queue.now())
