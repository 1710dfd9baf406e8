"""What is done with mail as a whole: all that is new is read, a mailbox that is silent is an alarm, time runs out."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from troth import in_force, queue
from troth.collection.mailbox import imap, lmtp, routing, settling
from troth.collection.mailbox.models import KeptMail, MailFolder
from troth.collection.mailbox.received import MailKind
from troth.environment import IncomingMail
from troth.policy.lengths import Duration
from troth.security.acts import record

SILENT_AFTER = timedelta(minutes=30)
UNMATCHED, UNREADABLE = "email.unmatched", "email.unreadable"
"""Where the policy says how long mail is kept that is nobody's, and mail that can't be read."""
_UNSTATED = Duration(90, "day")
"""How long it is kept where the policy in force doesn't say."""
_BATCH = 200
IS_AUTOMATIC = Q(state=KeptMail.DONE, person=None, kind__in=(MailKind.AUTOMATIC, MailKind.LIST, MailKind.OWN))
_IS_OPEN = Q(state__in=(*KeptMail.WORK, KeptMail.ASIDE)) | IS_AUTOMATIC
"""Mail with which staff may still do something. What we took for a program's may be a person's."""
READ_AGAIN, TAKEN, ADDED = "mail read again", "mail taken", "mail added"
DISCARD, KEPT, OPENED = "mail discarded", "mail kept", "mail opened"


class MailboxSilent(queue.JobStopped):
    """A folder or the mail server was not reached for so long: no mail comes in."""


class NotThere(Exception):
    """There is no such mail to do that with: someone else did it, or its time was over."""


def settle_all(*, at_utc: datetime) -> int:
    """How many mails were looked at; what failed is raised in the end."""
    count, failures = settling.settle_new(at_utc)
    queue.each(failures, _raise)
    return count


def refuse_silence(*, at_utc: datetime) -> None:
    """Raises MailboxSilent: a folder, or our own listener, was not reached for too long, or never."""
    names = _list_places()
    reached = MailFolder.objects.filter(pk__in=names, looked_utc__gte=at_utc - SILENT_AFTER).count()
    if silent := len(names) - reached:
        counts = {"silent": silent, "all": len(names)}
        raise MailboxSilent(_("%(silent)d of %(all)d mailboxes couldn’t be reached for too long.") % counts)


def list_problems() -> list[str]:
    """Why folders can't be read now, or nothing can be handed over, as codes. Places given up since have none."""
    failing = MailFolder.objects.filter(pk__in=_list_places()).exclude(problem="")
    return list(failing.values_list("problem", flat=True))


def _list_places() -> list[str]:
    """The folders and the listener that the settings name now."""
    incoming: IncomingMail = settings.TROTH_INCOMING
    names = [imap.name_of(incoming, folder) for folder in incoming.folders if incoming.host]
    return [*names, lmtp.NAME] if incoming.lmtp else names


def read_again(id: UUID, *, who: str, at_utc: datetime) -> None:
    """A mail from the inbox is new once more.   Raises  NotThere."""
    _change(id, KeptMail.NEW, who=who, what=READ_AGAIN, at_utc=at_utc)


def take_as_new(id: UUID, *, who: str, at_utc: datetime, sender: tuple[str, str] | None) -> None:
    """A mail from the inbox as a question of its sender's, or of whose staff say that it is.   Raises  NotThere."""
    _change(id, KeptMail.NEW, who=who, what=TAKEN, at_utc=at_utc)
    routing.settle(id, at_utc=at_utc, as_new=True, sender=sender)


def add_to_request(id: UUID, *, who: str, at_utc: datetime) -> None:
    """A mail from the desk as a message of the request that it answers, though its sender isn't who asked.

    Raises  NotThere; Refusal: they don't work on such requests."""
    with transaction.atomic():
        _change(id, KeptMail.NEW, who=who, what=ADDED, at_utc=at_utc)
        routing.settle(id, at_utc=at_utc, added_by=who)


def discard(id: UUID, *, who: str, at_utc: datetime) -> None:
    """The mail is nobody's work any more, and is deleted for good when its time is over.   Raises  NotThere."""
    _change(id, KeptMail.DISCARDED, who=who, what=DISCARD, at_utc=at_utc)


def keep(id: UUID, *, state: str, why: str, who: str, at_utc: datetime) -> None:
    """A discarded mail is as it was before.   Raises  NotThere."""
    with transaction.atomic():
        was = KeptMail.objects.filter(pk=id, state=KeptMail.DISCARDED).update(state=state, why=why, settled_utc=at_utc)
        if not was:
            raise NotThere
        record(who, KEPT, about=f"mail {id}", at_utc=at_utc)


def is_open(mail: KeptMail) -> bool:
    """Whether staff may still do something with it."""
    return KeptMail.objects.filter(_IS_OPEN, pk=mail.pk).exists()


def expire(*, at_utc: datetime) -> int:
    """How many mails of nobody were deleted with their files, because their time is over."""
    of_nobody = KeptMail.objects.filter(person=None).exclude(state=KeptMail.NEW)
    unread = of_nobody.filter(state=KeptMail.QUARANTINED, received_utc__lt=keeps_for(UNREADABLE).before(at_utc))
    over = of_nobody.exclude(state=KeptMail.QUARANTINED).filter(received_utc__lt=keeps_for(UNMATCHED).before(at_utc))
    some = [*unread.values_list("pk", flat=True)[:_BATCH], *over.values_list("pk", flat=True)[:_BATCH]]
    return KeptMail.objects.filter(pk__in=some).delete()[0] if some else 0


def keeps_for(promise: str) -> Duration:
    """How long: as the policy says, else 90 days."""
    stated = in_force.policy().promises.get(promise)
    return (stated.within if stated else None) or _UNSTATED


def _raise(failure: Exception) -> None:
    raise failure


def _change(id: UUID, state: str, *, who: str, what: str, at_utc: datetime) -> None:
    with transaction.atomic():
        mail = KeptMail.objects.select_for_update(no_key=True).filter(_IS_OPEN, pk=id).first()
        if mail is None:
            raise NotThere
        mail.state, mail.why, mail.tries, mail.settled_utc = state, "", 0, at_utc
        mail.save(update_fields=["state", "why", "tries", "settled_utc"])
        record(who, what, about=f"mail {id}", at_utc=at_utc)
