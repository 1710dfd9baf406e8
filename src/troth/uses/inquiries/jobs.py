"""Work that goes on after the page; killed anywhere, it begins again where nothing is lost or doubled."""

from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.uses.inquiries import actions


@queue.task("inquiries.assign", _("Pass on an inquiry"))
def assign(inquiry: str) -> None:
    """Brings a received inquiry to its staff."""
    actions.assign(UUID(inquiry), at_utc=datetime.now(UTC))
