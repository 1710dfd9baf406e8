from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import due, queue
from troth.access.organization import actions


@queue.task("organization.tell", _("Send an email about an organization"), queue="emails")
def tell(person: str, what: str, organization: str, role: str, letter: str) -> None:
    """In jobs of older releases: today the email is queued with its fact."""
    actions.tell(UUID(person), what, organization=organization, role=role, cause=UUID(letter))


@due.task(actions.END, _("End an invitation that nobody answered"))
def end_invitation(invitation: UUID, step: str, at_utc: datetime) -> None:
    actions.end_invitation(invitation, at_utc=at_utc)


queue.retire("organization.expire")
