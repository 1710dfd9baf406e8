"""From a kept mail to what becomes of it: read, sorted, believed or not, and taken by the one room that takes it.

    new ──> done          a room took it; a report was noted; a program's answer, a list or our own, answered by nobody
       ──> desk           nobody took it, or a report that proves nothing: someone looks at it
       ──> aside          the filter in front says that it is spam
       ──> quarantined    it can't be read here and now; it is kept, and can be read again

What a room does with a mail is done in one transaction with the mail's new state.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction

from troth import in_force
from troth.addresses import NoAddress, comparable
from troth.collection.mailbox import heard, intake, keeping, keys, sandbox
from troth.collection.mailbox.authenticity import is_verified
from troth.collection.mailbox.forwards import find_original, is_of_house
from troth.collection.mailbox.models import KeptMail
from troth.collection.mailbox.parsed import ParsedMail
from troth.collection.mailbox.received import AttachedFile, MailKind, MailTaken, ReceivedMail, TakesMail
from troth.collection.mailbox.sorting import Ours, Sorted, list_ours, sort
from troth.files import NoSuchFile
from troth.outbox import returns
from troth.outbox.models import QueuedEmail
from troth.queries import PreparedQuery, Slot, update
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
_QUIET = {MailKind.OWN, MailKind.AUTOMATIC, MailKind.LIST}
_LOCKED = PreparedQuery(lambda: KeptMail.objects.select_for_update(no_key=True).filter(pk=Slot("id")))
_takers: list[tuple[str, TakesMail]] = []


def know(takers: Sequence[tuple[str, TakesMail]]) -> None:
    """These rooms take mail, in this order: name, and what takes it."""
    _takers[:] = takers


def settle(id: UUID, *, at_utc: datetime, as_new: bool = False, sender: tuple[str, str] | None = None) -> None:
    """As `settle_mail` of the mail with this id."""
    settle_mail(KeptMail.objects.get(pk=id), at_utc=at_utc, as_new=as_new, sender=sender)


def settle_mail(
    mail: KeptMail, *, at_utc: datetime, as_new: bool = False, sender: tuple[str, str] | None = None
) -> None:
    """What becomes of one new mail.   Raises  what a room raises; the mail stays new, three times at most.

    Takes   as_new: whether staff say that it is a question, whatever it looks like;
            sender: whose it is, as they say."""
    id = mail.pk
    if mail.state != KeptMail.NEW:
        return
    try:
        raw = intake.open_raw(mail)
        parsed = sandbox.read(raw)
    except sandbox.Unreadable as refused:
        _end(id, KeptMail.QUARANTINED, at_utc=at_utc, why=refused.code)
        return
    except (NoSuchFile, CannotOpen):
        _end(id, KeptMail.DESK, at_utc=at_utc, why=GONE)
        return
    told = Sorted(MailKind.NEW, believable=sender is None) if as_new else sort(parsed, ours_of_site())
    try:
        parsed = parsed.model_copy(update={"sender": sender}) if sender else parsed
        _act(mail, raw, parsed, told, at_utc=at_utc, counted=not as_new)
    except Exception:
        _count_try(id, at_utc=at_utc)
        raise


def ours_of_site() -> Ours:
    policy = in_force.policy()
    named = {policy.privacy_email, site().brand.support_email, settings.TROTH_MAILBOX} - {""}
    return Ours(
        addresses=frozenset(_fold(address) for address in named),
        read_id=_read_id,
        read_envelope=returns.read_envelope,
        read_reply=returns.read_reply,
    )


def _act(mail: KeptMail, raw: bytes, parsed: ParsedMail, told: Sorted, *, at_utc: datetime, counted: bool) -> None:
    match told.kind:
        case MailKind.SPAM:
            _end(mail.pk, KeptMail.ASIDE, at_utc=at_utc, kind=told.kind)
        case MailKind.BOUNCE | MailKind.COMPLAINT:
            _note_report(mail.pk, told, at_utc=at_utc)
        case kind if kind in _QUIET:
            _end(mail.pk, KeptMail.DONE, at_utc=at_utc, kind=told.kind)
        case _:
            received = make_received(mail, raw, parsed, told)
            work = partial(_hand_over, mail, received, at_utc=at_utc, counted=counted)
            # Who is the first of a kind keeps all others like it waiting (`intern_classes`), for as long as their whole
            # mail takes: on a busy machine longer than a lock is waited for. That is no reason to give a mail up.
            retry_if_hindered(work, waits=counted)


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
        at=tuple(_fold(address) for address in list_ours(parsed)),
        subject=parsed.subject,
        text=parsed.text,
        quoted=parsed.quoted,
        html=parsed.html,
        left_out=parsed.left_out,
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


def _hand_over(mail: KeptMail, received: ReceivedMail, *, at_utc: datetime, counted: bool) -> None:
    """To the first room that takes it; to the desk if none does. In a transaction of its own."""
    locked = _lock(mail.pk)
    if locked.state != KeptMail.NEW:
        return
    if counted and _is_passed_on(received):
        _write(locked, KeptMail.DESK, at_utc=at_utc, kind=received.kind, why=FORWARDED)
        return
    if counted and _is_too_many(received, at_utc=at_utc):
        _write(locked, KeptMail.DESK, at_utc=at_utc, kind=received.kind, why=TOO_MANY)
        return
    room, taken = _find_taker(received)
    if taken is None:
        why = UNMATCHED if keeping.is_address(received.from_address) else NO_SENDER
        _write(locked, KeptMail.DESK, at_utc=at_utc, kind=received.kind, why=why)
        return
    if taken.person is not None:
        intake.give_to(locked, taken.person, wrapped=taken.wrapped)
    locked.room, locked.request = room, taken.request
    _write(locked, KeptMail.DONE, at_utc=at_utc, kind=received.kind)


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


def _note_report(id: UUID, told: Sorted, *, at_utc: datetime) -> None:
    """A report counts for our email that it proves; others go to the desk."""
    with transaction.atomic():
        locked = _lock(id)
        if locked.state != KeptMail.NEW:
            return
        assert told.report is not None
        locked.about = told.report.email
        why = heard.hear(told.report, complaint=told.kind == MailKind.COMPLAINT, mail=id, at_utc=at_utc)
        _write(locked, KeptMail.DESK if why else KeptMail.DONE, at_utc=at_utc, kind=told.kind, why=why)


def _end(id: UUID, state: str, *, at_utc: datetime, kind: str = "", why: str = "") -> None:
    with transaction.atomic():
        locked = _lock(id)
        if locked.state == KeptMail.NEW:
            _write(locked, state, at_utc=at_utc, kind=kind, why=why)


def _write(mail: KeptMail, state: str, *, at_utc: datetime, kind: str = "", why: str = "") -> None:
    mail.state, mail.kind, mail.why, mail.settled_utc = state, kind, why, at_utc
    update(mail, "state", "kind", "why", "settled_utc", "person", "key", "room", "request", "about")


def _count_try(id: UUID, *, at_utc: datetime) -> None:
    """A mail over which we fail again and again goes to someone's desk, and holds up no other."""
    with transaction.atomic():
        locked = _lock(id)
        locked.tries, locked.settled_utc = locked.tries + 1, at_utc
        locked.save(update_fields=["tries", "settled_utc"])
        if locked.tries >= MOST_TRIES and locked.state == KeptMail.NEW:
            _write(locked, KeptMail.DESK, at_utc=at_utc, why=FAILED)


def _lock(id: UUID) -> KeptMail:
    found = _LOCKED.first(id=id)
    if found is None:
        raise KeptMail.DoesNotExist
    return found


def _find_thread(answers: Iterable[UUID]) -> UUID | None:
    """The request of the latest our email that it answers."""
    found = dict(QueuedEmail.objects.filter(pk__in=list(answers)).values_list("pk", "request"))
    return next((found[each] for each in reversed(list(answers)) if found.get(each)), None)


def _read_id(message_id: str) -> UUID | None:
    """The our email that has this Message-ID."""
    try:
        id = UUID(message_id.partition("@")[0])
    except ValueError:
        return None
    return id if QueuedEmail.objects.filter(pk=id).exists() else None


def _fold(address: str) -> str:
    try:
        return comparable(address)
    except NoAddress:
        return address.lower()
