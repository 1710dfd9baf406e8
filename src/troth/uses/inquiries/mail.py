"""A question by email: the same inquiry as by the contact form."""

from troth import gate, in_force
from troth.collection.mailbox import keeping
from troth.collection.mailbox.received import MailKind, MailTaken, ReceivedMail
from troth.uses.inquiries import actions


def take_other_mail(mail: ReceivedMail) -> MailTaken | None:
    """Mail that no other room takes, as a question. An answer to something that is over is for a person to look at."""
    if mail.kind != MailKind.NEW or not keeping.can_keep(mail, actions.PURPOSE):
        return None
    cause = gate.new_id()
    person = keeping.keep_sender(mail, cause=cause)
    actions.record(
        keeping.read_values(mail),
        cause=cause,
        person=person,
        place=keeping.PLACE,
        version=in_force.policy().version,
        at_utc=mail.received_utc,
        manner="email",
    )
    return MailTaken(person=person, request=cause)
