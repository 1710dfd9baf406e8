"""From a kept mail to what becomes of it: read, sorted, believed or not, and taken by the one room that takes it.

    new ──> done          a room took it; a report was noted; a program's answer, a list or our own, answered by nobody
       ──> desk           nobody took it, or a report that proves nothing: someone looks at it
       ──> aside          the filter in front says that it is spam
       ──> quarantined    it can't be read here and now; it is kept, and can be read again

What a room does with a mail is done in one transaction with the mail's new state. Several mails may share one.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction

from troth import in_force
from troth.addresses import NoAddress, compare_loosely
from troth.collection.mailbox import heard, intake, keeping, keys, sandbox
from troth.collection.mailbox.authenticity import is_verified
from troth.collection.mailbox.forwards import find_original, is_of_house
from troth.collection.mailbox.models import KeptMail
from troth.collection.mailbox.parsed import ParsedMail
from troth.collection.mailbox.received import AttachedFile, MailKind, MailTaken, ReceivedMail, TakesMail
from troth.collection.mailbox.sorting import Ours, Sorted, list_ours, sort
from troth.files import NoSuchFile
from troth.gate import address_index
from troth.outbox import returns
from troth.outbox.models import QueuedEmail
from troth.queries import PreparedQuery, Slot, update, update_all
from troth.records.calls import retry_if_hindered
from troth.seal import CannotOpen
from troth.security import limits
from troth.security.limits import Limit
from troth.site import site

MOST_TRIES = 3
UNMATCHED, TOO_MANY, FAILED, GONE = "unmatched", "too many", "failed", "gone"
NO_SENDER, FORWARDED = "no sender", "forwarded"
"""Why someone has to look at a mail.

Nobody takes it; it names no sender to answer to; its sender wrote too often today, as two programs do that answer each
other; we failed three times; its file can't be opened; a colleague passed it on, so someone says whose it is."""
_A_SENDER = Limit("mail of a sender", 5, timedelta(days=1))
_FOR_ROOMS = {MailKind.NEW, MailKind.REPLY}
_REPORTS = {MailKind.BOUNCE, MailKind.COMPLAINT}
_LOCKED = PreparedQuery(
    lambda: KeptMail.objects.select_for_update(no_key=True).filter(pk__any=Slot("ids")).order_by("pk")
)
_CHANGED = ("state", "kind", "why", "settled_utc", "person", "key", "room", "request", "about", "sender")
_takers: list[tuple[str, TakesMail]] = []


def know(takers: Sequence[tuple[str, TakesMail]]) -> None:
    """These rooms take mail, in this order: name, and what takes it."""
    _takers[:] = takers


@dataclass(frozen=True)
class ReadMail:
    """A mail as it was read.

    told      what it is; None for one that can't be read: `ended` says then what becomes of it, and why
    received  as rooms get it, where it is for one of them
    counted   whether its sender's mails are counted; not where staff say whose it is
    sender    index of the address that it names as its sender's, where it names one"""

    id: UUID
    told: Sorted | None = None
    received: ReceivedMail | None = None
    ended: tuple[str, str] = ("", "")
    counted: bool = True
    sender: bytes | None = None

    @property
    def conversation(self) -> Hashable:
        """The same of mails that change the same: of one request, or of one sender."""
        if self.received is None:
            return self.id
        return self.received.thread or self.received.from_address.lower()


def settle(
    id: UUID,
    *,
    at_utc: datetime,
    as_new: bool = False,
    sender: tuple[str, str] | None = None,
    added_by: str = "",
) -> None:
    """What becomes of one new mail.   Raises  what a room raises; the mail stays new, three times at most.

    Takes   as_new: whether staff say that it is a question, whatever it looks like;
            sender: whose it is, as they say; added_by: who of them adds it to the request that it answers."""
    mail = KeptMail.objects.get(pk=id)
    if mail.state == KeptMail.NEW:
        _settle_alone(read(mail, as_new=as_new, sender=sender, added_by=added_by), at_utc=at_utc)


def settle_together(mails: Sequence[ReadMail], *, at_utc: datetime) -> list[Exception]:
    """What becomes of several mails, by one transaction; where it fails, of each by its own.

    Gives   what failed of those: the mail stays new, three times at most."""
    if not mails:
        return []
    try:
        with transaction.atomic():
            _decide_all(mails, at_utc=at_utc)
    except Exception:
        return [*_settle_each(mails, at_utc=at_utc)]
    return []


def read(
    mail: KeptMail, *, as_new: bool = False, sender: tuple[str, str] | None = None, added_by: str = ""
) -> ReadMail:
    """What the mail says and what it is. Nothing of it is changed.   Takes  as `settle`."""
    try:
        raw = intake.open_raw(mail)
        parsed = sandbox.read(raw)
    except sandbox.Unreadable as refused:
        return ReadMail(mail.pk, ended=(KeptMail.QUARANTINED, refused.code))
    except (NoSuchFile, CannotOpen):
        return ReadMail(mail.pk, ended=(KeptMail.DESK, GONE))
    told = Sorted(MailKind.NEW, believable=sender is None) if as_new else sort(parsed, ours_of_site())
    parsed = parsed.model_copy(update={"sender": sender}) if sender else parsed
    received = make_received(mail, raw, parsed, told) if told.kind in _FOR_ROOMS else None
    if received is not None and added_by:
        received = replace(received, added_by=added_by)
    return ReadMail(mail.pk, told, received, counted=not (as_new or added_by), sender=_index(parsed.address))


def find_answered(parsed: ParsedMail) -> UUID | None:
    """The thread that a mail answers. It may be from anyone."""
    told = sort(parsed, ours_of_site())
    return (told.thread or _find_thread(told.answers)) if told.kind == MailKind.REPLY else None


def count_try(id: UUID, *, at_utc: datetime, sender: bytes | None = None) -> None:
    """A mail over which we fail again and again goes to someone's desk, and holds up no other."""
    with transaction.atomic():
        for locked in _LOCKED.list(ids=[id]):
            locked.tries, locked.settled_utc, locked.sender = locked.tries + 1, at_utc, sender
            if locked.tries >= MOST_TRIES and locked.state == KeptMail.NEW:
                locked.state, locked.why = KeptMail.DESK, FAILED
            update(locked, "tries", "settled_utc", "state", "why", "sender")


def ours_of_site() -> Ours:
    policy = in_force.policy()
    named = {policy.privacy_email, site().brand.support_email, settings.TROTH_MAILBOX} - {""}
    return Ours(
        addresses=frozenset(compare_loosely(address) for address in named),
        read_id=_read_id,
        read_envelope=returns.read_envelope,
        read_reply=returns.read_reply,
    )


def make_received(mail: KeptMail, raw: bytes, parsed: ParsedMail, told: Sorted) -> ReceivedMail:
    """The mail as rooms get it."""
    return ReceivedMail(
        id=mail.pk,
        received_utc=mail.received_utc,
        kind=told.kind,
        from_address=parsed.address,
        from_name=parsed.sender[0] if parsed.sender else "",
        verified=told.believable and _is_believed(raw, parsed),
        to=parsed.to,
        cc=parsed.cc,
        at=tuple(compare_loosely(address) for address in list_ours(parsed)),
        subject=parsed.subject,
        text=parsed.text,
        quoted=parsed.quoted,
        attachments=tuple(
            AttachedFile(piece.title, piece.media, piece.size, partial(parsed.content, piece))
            for piece in parsed.attachments
        ),
        thread=told.thread or _find_thread(told.answers),
        message_id=parsed.message_id,
        references=parsed.references,
        answers=next(iter(reversed(told.answers)), None),
    )


def _is_believed(raw: bytes, parsed: ParsedMail) -> bool:
    named = settings.TROTH_AUTHSERV_ID
    if named or not parsed.signatures:
        return is_verified(parsed, authserv_id=named)
    found = keys.look_up(parsed.signatures)
    signed_by = sandbox.list_signers(raw, found) if found else []
    return is_verified(parsed, authserv_id="", signed_by=signed_by)


def _settle_each(mails: Iterable[ReadMail], *, at_utc: datetime) -> Iterator[Exception]:
    for mail in mails:
        try:
            _settle_alone(mail, at_utc=at_utc)
        except Exception as error:
            yield error


def _settle_alone(mail: ReadMail, *, at_utc: datetime) -> None:
    try:
        # Who is the first of a kind keeps all others like it waiting (`intern_classes`), for as long as their whole
        # transaction takes: on a busy machine longer than a lock is waited for. That is no reason to give a mail up.
        retry_if_hindered(partial(_decide_all, [mail], at_utc=at_utc), waits=mail.counted)
    except Exception:
        count_try(mail.id, at_utc=at_utc, sender=mail.sender)
        raise


def _decide_all(mails: Sequence[ReadMail], *, at_utc: datetime) -> None:
    """In the caller's transaction. Those that someone else has settled meanwhile stay as they are."""
    locked = {found.pk: found for found in _LOCKED.list(ids=[mail.id for mail in mails])}
    new = [mail for mail in mails if mail.id in locked and locked[mail.id].state == KeptMail.NEW]
    for mail in new:
        found = locked[mail.id]
        found.kind, found.settled_utc = mail.told.kind if mail.told else "", at_utc
        found.state, found.why = _decide(found, mail, at_utc=at_utc)
        found.sender = mail.sender if found.person_id is None else None
    update_all([locked[mail.id] for mail in new], *_CHANGED)


def _decide(found: KeptMail, mail: ReadMail, *, at_utc: datetime) -> tuple[str, str]:
    """The mail's state and why someone has to look at it, once all is done with it that follows from it."""
    if mail.told is None:
        return mail.ended
    if mail.received is not None:
        return _hand_over(found, mail.received, at_utc=at_utc, counted=mail.counted)
    if mail.told.kind in _REPORTS:
        return _note_report(found, mail.told, at_utc=at_utc)
    return (KeptMail.ASIDE if mail.told.kind == MailKind.SPAM else KeptMail.DONE), ""


def _hand_over(found: KeptMail, received: ReceivedMail, *, at_utc: datetime, counted: bool) -> tuple[str, str]:
    """To the first room that takes it; to the desk if none does."""
    if counted and _is_passed_on(received):
        return KeptMail.DESK, FORWARDED
    if counted and _is_too_many(received, at_utc=at_utc):
        return KeptMail.DESK, TOO_MANY
    room, taken = _find_taker(received)
    if taken is None:
        return KeptMail.DESK, UNMATCHED if keeping.is_address(received.from_address) else NO_SENDER
    if taken.person is not None:
        intake.give_to(found, taken.person, wrapped=taken.wrapped)
    found.room, found.request = room, taken.request
    return KeptMail.DONE, ""


def _is_passed_on(received: ReceivedMail) -> bool:
    """Whether one of our staff passes on what someone wrote to them."""
    original = find_original(received.subject, f"{received.text}{received.quoted}")
    return received.kind == MailKind.NEW and original is not None and is_of_house(received.from_address)


def _is_too_many(received: ReceivedMail, *, at_utc: datetime) -> bool:
    """Whether its sender began something too often today. Answers in a thread are not counted."""
    return received.kind == MailKind.NEW and bool(
        limits.count_try(_A_SENDER, name=received.from_address, at_utc=at_utc)
    )


def _find_taker(received: ReceivedMail) -> tuple[str, MailTaken | None]:
    for room, takes in _takers:
        if (taken := takes(received)) is not None:
            return room, taken
    return "", None


def _note_report(found: KeptMail, told: Sorted, *, at_utc: datetime) -> tuple[str, str]:
    """A report counts for our email that it proves; others go to the desk."""
    assert told.report is not None
    found.about = told.report.email
    why = heard.hear(told.report, complaint=told.kind == MailKind.COMPLAINT, mail=found.pk, at_utc=at_utc)
    return (KeptMail.DESK if why else KeptMail.DONE), why


def _find_thread(answers: Sequence[UUID]) -> UUID | None:
    """The request of the latest our email that it answers."""
    if not answers:
        return None
    found = dict(QueuedEmail.objects.filter(pk__in=answers).values_list("pk", "request"))
    return next((found[each] for each in reversed(answers) if found.get(each)), None)


def _read_id(message_id: str) -> UUID | None:
    """The our email that has this Message-ID."""
    try:
        id = UUID(message_id.partition("@")[0])
    except ValueError:
        return None
    return id if QueuedEmail.objects.filter(pk=id).exists() else None


def _index(address: str) -> bytes | None:
    try:
        return address_index(address)
    except NoAddress:
        return None
