"""A question by email: the same inquiry as by the contact form."""

from troth.cases.thread import receiving
from troth.collection.mailbox import keeping
from troth.collection.mailbox.received import MailKind, MailTaken, ReceivedMail
from troth.uses.inquiries import actions


def take_other_mail(mail: ReceivedMail) -> MailTaken | None:
    """Mail that no other room takes, as a question. An answer to something that is over is for a person to look at."""
    if mail.kind != MailKind.NEW or not keeping.can_keep(mail, actions.PURPOSE):
        return None
    return receiving.take_new(mail, actions.record, purpose=actions.PURPOSE)
