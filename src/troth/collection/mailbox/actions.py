"""What is done with mail as a whole: all that is new is read, a mailbox that is silent is an alarm, time runs out."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from django.conf import settings
from django.db import transaction

from troth import in_force, queue
from troth.collection.mailbox import imap, lmtp, routing
from troth.collection.mailbox.models import KeptMail, MailFolder
from troth.environment import IncomingMail
from troth.outbox import suppression
from troth.policy.lengths import Duration
from troth.security.acts import record

AT_A_TIME = 4
"""Mails that are read beside each other: while two wait for the database or a child, two compute."""
SILENT_AFTER = timedelta(minutes=30)
UNMATCHED, UNREADABLE = "email.unmatched", "email.unreadable"
"""Where the policy says how long mail is kept that is nobody's, and mail that can't be read."""
_UNSTATED = Duration(90, "day")
"""How long it is kept where the policy in force doesn't say."""
_BATCH = 200
_UNDER_ONE_LAW = 20
"""Mails that are read before the law is looked up again."""
OPEN = (*KeptMail.WORK, KeptMail.ASIDE)
"""States of mail with which staff may still do something."""
READ_AGAIN, TAKEN, DISCARD, OPENED = "mail read again", "mail taken", "mail discarded", "mail opened"


class MailboxSilent(Exception):
    """A folder or the mail server was not reached for so long: no mail comes in."""


class NotThere(Exception):
    """There is no such mail to do that with: someone else did it, or its time was over."""


def settle_all(*, at_utc: datetime) -> int:
    """How many mails were looked at; what failed is raised in the end."""
    new = _NewMails(at_utc)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        failures = list(pool.map(lambda _thread: _settle_some(new, at_utc), range(AT_A_TIME)))
    queue.each([failure for found in failures for failure in found], _raise)
    return new.count


def refuse_silence(*, at_utc: datetime) -> None:
    """Raises MailboxSilent: a folder, or our own listener, was not reached for too long, or never."""
    incoming: IncomingMail = settings.TROTH_INCOMING
    names = [imap.name_of(incoming, folder) for folder in incoming.folders if incoming.host]
    names += [lmtp.NAME] if incoming.lmtp else []
    reached = MailFolder.objects.filter(pk__in=names, looked_utc__gte=at_utc - SILENT_AFTER).count()
    if silent := len(names) - reached:
        raise MailboxSilent(f"{silent} of {len(names)} ways in were not reached for too long.")


def read_again(id: UUID, *, who: str, at_utc: datetime) -> None:
    """A mail from the quarantine or the desk is new once more.   Raises  NotThere."""
    _change(id, KeptMail.NEW, who=who, what=READ_AGAIN, at_utc=at_utc)


def take_as_new(id: UUID, *, who: str, at_utc: datetime, sender: tuple[str, str] | None = None) -> None:
    """A mail from the desk as a question of its sender's, or of whose staff say that it is.   Raises  NotThere."""
    _change(id, KeptMail.NEW, who=who, what=TAKEN, at_utc=at_utc)
    routing.settle(id, at_utc=at_utc, as_new=True, sender=sender)


def discard(id: UUID, *, who: str, at_utc: datetime) -> None:
    """The mail is nobody's work any more, and is deleted for good when its time is over.   Raises  NotThere."""
    _change(id, KeptMail.DISCARDED, who=who, what=DISCARD, at_utc=at_utc)


def unblock(report: UUID, *, who: str, at_utc: datetime) -> None:
    """The address that this report blocked is written to again.   Raises  NotThere: it blocks none any more."""
    with transaction.atomic():
        if not suppression.lift_known_by_staff(report):
            raise NotThere
        record(who, suppression.LIFTED, about=f"mail {report}", at_utc=at_utc)


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


class _NewMails:
    """What is new, in the order in which it came, for threads that each take some until nothing is left.

    count  how many were taken"""

    def __init__(self, at_utc: datetime) -> None:
        self.count = 0
        self._at_utc, self._left, self._lock = at_utc, list[UUID](), Lock()
        self._in_hand: set[UUID] = set()

    def take(self, done: Iterable[UUID] = ()) -> list[UUID]:
        """The next mails; none when all that is new was taken.

        Takes   done: those that the thread took before."""
        with self._lock:
            self._in_hand.difference_update(done)
            if not self._left:
                self._left = self._list()
            some, self._left = self._left[:_UNDER_ONE_LAW], self._left[_UNDER_ONE_LAW:]
            self._in_hand.update(some)
            self.count += len(some)
            return some

    def _list(self) -> list[UUID]:
        """Those that a thread has at this moment are new, too: they are left out."""
        new = KeptMail.objects.filter(state=KeptMail.NEW, tries=0) | KeptMail.objects.filter(
            state=KeptMail.NEW, tries__gt=0, settled_utc__lt=self._at_utc
        )
        return list(new.exclude(pk__in=self._in_hand).order_by("received_utc").values_list("pk", flat=True)[:_BATCH])


def _settle_some(new: _NewMails, at_utc: datetime) -> list[Exception]:
    """What failed of the mails that a thread took, which it reads with a connection of its own."""
    failures: list[Exception] = []
    ids: list[UUID] = []
    try:
        while ids := new.take(done=ids):
            with in_force.one_law():
                failures += _settle_each(KeptMail.objects.filter(pk__in=ids), at_utc)
    finally:
        transaction.get_connection().close()
    return failures


def _settle_each(mails: Iterable[KeptMail], at_utc: datetime) -> Iterator[Exception]:
    for mail in mails:
        try:
            routing.settle_mail(mail, at_utc=at_utc)
        except Exception as error:
            yield error


def _raise(failure: Exception) -> None:
    raise failure


def _change(id: UUID, state: str, *, who: str, what: str, at_utc: datetime) -> None:
    with transaction.atomic():
        mail = KeptMail.objects.select_for_update(no_key=True).filter(pk=id, state__in=OPEN).first()
        if mail is None:
            raise NotThere
        mail.state, mail.why, mail.tries, mail.settled_utc = state, "", 0, at_utc
        mail.save(update_fields=["state", "why", "tries", "settled_utc"])
        record(who, what, about=f"mail {id}", at_utc=at_utc)
