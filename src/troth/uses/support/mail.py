"""Who writes to the support address gets a support case, the same as by the form."""

from troth.cases.thread import receiving
from troth.collection.mailbox import keeping
from troth.collection.mailbox.received import MailKind, MailTaken, ReceivedMail, is_to
from troth.site import site
from troth.uses.support import actions


def take_mail(mail: ReceivedMail) -> MailTaken | None:
    asked = mail.kind == MailKind.NEW and is_to(mail, site().brand.support_email)
    return (
        receiving.take_new(mail, actions.record, purpose=actions.PURPOSE)
        if asked and keeping.can_keep(mail, actions.PURPOSE)
        else None
    )
