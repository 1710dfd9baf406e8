"""“Stop” by email: an opt-out from marketing for everyone who gave the address.

It can only close something. Still it is heard only from who proves to have our email: by answering it, or by a sender
who is verified. What anyone could write in someone else's name goes to the staff.
"""

import re
from collections.abc import Sequence
from uuid import UUID

from troth.access.preferences import actions
from troth.collection.mailbox.received import MailKind, MailTaken, ReceivedMail
from troth.outbox.models import PERSON, QueuedEmail
from troth.policy.meaning import MARKETING
from troth.records import profile

WAY = "email"
_STOP = re.compile(
    r"^\W*(?:please\W+)?(?:stop|unsubscribe|opt[ -]?out|remove me|cancel|abmelden|abbestellen|désabonner|darse de baja)"
    r"(?:\W+(?:me|please|all|it|this|now|thanks|thank you|the newsletter|newsletters?|emails?|mails?)){0,4}\W*$",
    re.IGNORECASE,
)
_SIGNATURES = ("--", "Sent from", "Von meinem")


def take_mail(mail: ReceivedMail) -> MailTaken | None:
    """Taken only if the mail says nothing else, and someone is known to have written it."""
    if mail.kind not in (MailKind.REPLY, MailKind.NEW) or not says_stop(mail):
        return None
    people = _find_people(mail)
    if not people:
        return None
    actions.save_for(people, {MARKETING: False}, way=WAY, at_utc=mail.received_utc)
    return MailTaken(person=people[0])


def says_stop(mail: ReceivedMail) -> bool:
    """Whether a word to stop is all that was written: in the first line, or as the subject of an empty mail."""
    written = filter(None, (line.strip() for line in mail.text.splitlines()))
    first, second = next(written, ""), next(written, "")
    if not first:
        return bool(_STOP.match(mail.subject))
    return bool(_STOP.match(first)) and (not second or second.startswith(_SIGNATURES))


def _find_people(mail: ReceivedMail) -> Sequence[UUID]:
    answered = QueuedEmail.objects.filter(pk=mail.answers, to=PERSON).first() if mail.answers else None
    if answered is not None:
        return profile.people_of(answered.person_id)
    newest = profile.people_at(mail.from_address, most=1) if mail.verified else ()
    return profile.people_of(newest[0]) if newest else ()
