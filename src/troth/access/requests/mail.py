"""Email about requests: a reply is added to the request that it answers, of whichever kind that is.

Who writes to the privacy address asks something, and its clock runs at once.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from troth import in_force
from troth.access.requests.kinds import QUESTION
from troth.cases import actions as cases
from troth.cases.models import Case
from troth.cases.thread import writing
from troth.cases.thread.receiving import add_received, take_new
from troth.collection.mailbox import keeping
from troth.collection.mailbox.received import MailKind, MailTaken, ReceivedMail, is_to


def take_mail(mail: ReceivedMail) -> MailTaken | None:
    return add_received(mail) if mail.kind == MailKind.REPLY else _begin(mail)


def _begin(mail: ReceivedMail) -> MailTaken | None:
    """A request that staff read, whatever it asks for. Who proves the address gets the answer."""
    asked = mail.kind == MailKind.NEW and is_to(mail, in_force.policy().privacy_email)
    if not (asked and keeping.can_keep(mail, cases.PURPOSE)):
        return None
    return take_new(mail, _record, purpose=cases.PURPOSE)


def _record(
    values: Mapping[str, str],
    *,
    cause: UUID,
    person: UUID,
    at_utc: datetime,
    manner: str,
    proven: bool,
    **_place: object,
) -> Case:
    """With its first message, so that its attachments and the people in copy stand in the thread."""
    case = cases.open_case(QUESTION, id=cause, person=person, manner=manner, at_utc=at_utc).case
    writing.begin(case, values, way=manner, proven=proven)
    return case
