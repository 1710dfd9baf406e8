from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.access.organization import actions
from troth.records import organizations


@queue.task("organization.tell", _("Send an email about an organization"), queue="emails")
def tell(person: str, what: str, organization: str, role: str, letter: str) -> None:
    """In jobs of older releases: today the email is queued with its fact."""
    actions.tell(UUID(person), what, organization=organization, role=role, request=UUID(letter))


@queue.task("organization.expire", _("Expire invitations after 14 days"), every="35 * * * *")
def expire(timestamp: int) -> None:
    """Invitations past their fourteen days end, and their addresses are forgotten."""
    while organizations.expire(at_utc=datetime.now(UTC)):
        pass
