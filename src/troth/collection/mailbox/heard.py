"""What follows from a bounce or a complaint that is about one of our emails: we write to a dead address no more.

The address is the one that we wrote to, and no other: what a server names beyond that may be anyone's.
"""

from datetime import datetime
from uuid import UUID

from troth.addresses import NoAddress, comparable
from troth.collection.mailbox.reports import MailReport
from troth.outbox import returned, suppression
from troth.outbox.faults import sort_bounce
from troth.outbox.models import QueuedEmail
from troth.outbox.replies import Whose
from troth.records import profile
from troth.seal import vault

UNPROVEN, ELSEWHERE = "unproven report", "report of another address"
"""Why someone has to look at a report: it is about no our email; or about an address that we did not write to."""


def hear(report: MailReport, *, complaint: bool, mail: UUID, at_utc: datetime) -> str:
    """Suppresses where the report says so. Gives  why someone has to look at it, or "".

    Takes  mail: the evidence."""
    email = QueuedEmail.objects.filter(pk=report.email).first() if report.email else None
    if email is None:
        return UNPROVEN
    fault = sort_bounce(report.status, report.words)
    if not complaint and report.delayed:
        return ""
    counts = complaint or fault.whose is Whose.ADDRESS
    if not _went_to(email, report.recipient):
        return ELSEWHERE if counts else ""
    if complaint:
        returned.note_complaint(email.pk)
    else:
        domain = comparable(report.recipient).rpartition("@")[2]
        returned.note_bounce(email.pk, status=report.status, fault=fault, domain=domain)
    if complaint or fault.hard:
        suppression.suppress(report.recipient, why="complaint" if complaint else "bounce", evidence=mail)
    elif counts:
        suppression.count_soft(report.recipient, email=email.pk, evidence=mail, at_utc=at_utc)
    return ""


def _went_to(email: QueuedEmail, address: str) -> bool:
    """Whether we wrote to this address: told from the index of addresses, so nobody's is read."""
    try:
        wanted = comparable(address)
    except NoAddress:
        return False
    if email.to_sealed_address is not None:
        return comparable(vault().open_address(bytes(email.to_sealed_address))) == wanted
    return email.person_id is not None and profile.has_address(email.person_id, wanted)
