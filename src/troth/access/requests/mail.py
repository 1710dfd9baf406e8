"""Email about requests: a reply is added to the request that it answers, of whichever kind that is.

Who writes to the privacy address asks something, and its clock runs at once.
"""

from troth import in_force
from troth.access.requests.kinds import QUESTION
from troth.cases import actions as cases
from troth.cases.models import Case
from troth.cases.thread import writing
from troth.cases.thread.receiving import add_received, take_new
from troth.collection.intake import Intake
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


def _record(intake: Intake) -> Case:
    """With its first message, so that its attachments and the people in copy are in the thread."""
    return writing.open_with(QUESTION, intake)
