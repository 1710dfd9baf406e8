"""Replies that come by email, added to the request that they answer.

The address that a reply comes to names the request and not who writes there; `From` is a claim. So a reply is added
only if its sender has the address of the person who asked, and opens a request again only if that sender is verified.
Any other one waits in the inbox, which says why. Staff may add it there: it is shown as what someone else wrote.

Policy  #C3
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from troth import in_force
from troth.cases import events
from troth.cases.actions import PROGRAM
from troth.cases.models import Case, by_id_locked
from troth.cases.thread import attaching, copies, merging, writing
from troth.cases.thread.models import CaseMessage
from troth.collection.intake import Intake, Record
from troth.collection.mailbox import keeping
from troth.collection.mailbox.received import MailKind, MailTaken, ReceivedMail
from troth.outbox import QueuedEmail
from troth.queries import PreparedQuery, Slot
from troth.records import KeptRequest, Provenance, keep, profile
from troth.records.ids import new_id

CLOSED, UNVERIFIED, OTHER = "closed", "unverified", "other"
"""Why a reply wasn't added: its request takes no more, it ended and the sender isn't verified, or is someone else."""
ADDED_WAY = "email added by staff"
"""How words came in that someone else wrote."""
_A_DAY = timedelta(days=1)
_MOST_CHARS = 200_000
_MESSAGES = PreparedQuery(lambda: CaseMessage.objects.filter(case=Slot("case")).values_list("pk"))


def add_received(mail: ReceivedMail) -> MailTaken | None:
    """The mail as a message of its request; None for one that someone has to look at.

    That is a reply to what is closed, erased or nobody's, and one of someone else than the person who asked, unless
    staff say that it belongs there. In the mail's transaction."""
    asked = _find_request(mail.thread) if mail.thread and mail.kind == MailKind.REPLY else None
    if asked is None:
        return None
    target = merging.follow(asked).pk
    case = asked if target == asked.pk and asked.pk == mail.thread else by_id_locked(Case).first(id=target)
    if case is None or not _may_add(asked, case, mail):
        return None
    message, who = new_id(), mail.added_by or ("person" if mail.verified else PROGRAM)
    attached = attaching.attach(mail.attachments, kind=_kind_of_files(writing.BY_EMAIL, case.purpose))
    kept = _keep(asked, mail, attached.packed, cause=message, who=who)
    step = "wrote" if case.state in Case.LIVING else "reopened"
    at_utc = mail.received_utc
    events.add(case, step, who=who, at_utc=at_utc, change=writing.owe_answer(case, at_utc))
    added = writing.add_message(
        case,
        message,
        first=asked if asked.pk != case.pk else None,
        id=message,
        at_utc=at_utc,
        who="person",
        way="email",
        proven=mail.verified and not mail.added_by,
        text=mail.text,
        kept=kept.data,
    )
    named = copies.find_named(mail)
    if mail.added_by:
        named = [one for one in named if not profile.has_address(asked.asker, one[1])]
        copies.keep_writer(added.pk, asked.asker, mail, wrapped=kept.wrapped)
    copies.keep(added.pk, asked.asker, named, wrapped=kept.wrapped)
    _note_refused(case, mail, attached.refused, told=False)
    return MailTaken(person=asked.asker, request=case.pk, wrapped=kept.wrapped)


@dataclass(frozen=True)
class AnsweredRequest:
    """The request that a mail in the inbox answers. `why`: it wasn't added; `takes`: whether staff may add it."""

    case: Case
    why: str
    takes: bool


def find_answered(thread: UUID, address: str) -> AnsweredRequest | None:
    """None where what it answers is deleted, or was never ours.   Takes  address: whom the mail is from."""
    with transaction.atomic():
        asked = _find_request(thread)
        case = merging.follow(asked) if asked is not None else None
    if asked is None or case is None or asked.person_id is None:
        return None
    takes = _takes(asked, case)
    why = CLOSED if not takes else UNVERIFIED if profile.has_address(asked.asker, address) else OTHER
    return AnsweredRequest(case, why, takes)


def take_new(mail: ReceivedMail, record: Record[Case], *, purpose: str) -> MailTaken:
    """The mail as a new request of its sender's.   Takes  record: what the room does with its forms."""
    attached = attaching.attach(mail.attachments, kind=_kind_of_files(keeping.PLACE, purpose))
    values = keeping.read_values(mail) | ({writing.FILES: attached.packed} if attached.packed else {})
    cause = new_id()
    kept = keeping.keep_sender(mail, cause=cause, values=values)
    intake = Intake(
        values=values,
        cause=cause,
        person=kept.person,
        place=keeping.PLACE,
        version=in_force.policy().version,
        at_utc=mail.received_utc,
        manner="email",
        proven=mail.verified,
        data=kept.data,
    )
    case = record(intake)
    if named := copies.find_named(mail):
        for (message,) in _MESSAGES.list(case=case.pk):
            copies.keep(message, kept.person, named, wrapped=kept.wrapped)
    _note_refused(case, mail, attached.refused, told=True)
    return MailTaken(person=kept.person, request=case.pk, wrapped=kept.wrapped)


def _note_refused(case: Case, mail: ReceivedMail, refused: Sequence[str], *, told: bool) -> None:
    """Why what was attached is not, for both sides to see: as an email to the person, else as an event.

    It goes to their own address, also if someone else wrote in their name. Once a day, or two programs would write to
    each other without an end.

    Takes   told: whether the email that their request came in says it where the sender isn't verified"""
    if not refused:
        return
    at_utc, why = mail.received_utc, " ".join(refused)
    earlier = case.messages.filter(who=PROGRAM, at_utc__gt=at_utc - _A_DAY)
    theirs = (mail.verified or not told) and not mail.added_by
    if theirs and writing.takes(case, writing.ANSWER) and not earlier.exists():
        sentence = (
            _("We added your email to %(number)s. We did not take all of its attachments: %(why)s")
            if mail.verified
            else _(
                "We added an email from your address to %(number)s, and couldn’t verify that you sent it. We did not "
                "take all of its attachments: %(why)s"
            )
        )
        writing.answer_by_program(case, sentence % {"number": case.number, "why": why}, at_utc=at_utc, who=PROGRAM)
    else:
        events.add(case, events.NOT_ATTACHED, who=PROGRAM, at_utc=at_utc, words=why)


def _find_request(thread: UUID) -> Case | None:
    """The request of this id, locked; or that a message of this id is about."""
    case: Case | None = by_id_locked(Case).first(id=thread)
    if case is None:
        message = CaseMessage.objects.select_related("case", "first").filter(pk=thread).first()
        case = (message.first or message.case) if message is not None else _find_opened_again(thread)
    return case


def _find_opened_again(cause: UUID) -> Case | None:
    """The request that an email of this cause was about, sent after it was opened again: see `events.cause_at`."""
    email = QueuedEmail.objects.filter(request=cause).first()
    theirs = Case.objects.filter(person=email.person_id) if email is not None else ()
    return next((case for case in theirs if cause in _list_causes(case)), None)


def _list_causes(case: Case) -> list[UUID]:
    return events.list_causes(case.pk, events.count_reopened(case.pk))


def _may_add(asked: Case, case: Case, mail: ReceivedMail) -> bool:
    """Takes   asked: the request that was answered; case: as which it continues."""
    if not _takes(asked, case):
        return False
    if mail.added_by:
        return True
    trusted = case.state in Case.LIVING or mail.verified
    return trusted and profile.has_address(asked.asker, mail.from_address)


def _takes(asked: Case, case: Case) -> bool:
    """Whether it takes replies by email at all, from anyone."""
    goes_on = case.state in Case.LIVING or writing.reopens(case)
    return goes_on and writing.takes(case, writing.BY_EMAIL) and asked.person_id is not None


def _keep(case: Case, mail: ReceivedMail, files: str, *, cause: UUID, who: str) -> KeptRequest:
    """The whole text, with what it quotes: what of it is shown is decided when it is read."""
    provenance = Provenance(
        writing.name_place(case, writing.BY_EMAIL),
        version=in_force.policy().version,
        at_utc=mail.received_utc,
        way=ADDED_WAY if mail.added_by else "verified email" if mail.verified else "email",
        evidence=f"mail {mail.id}",
    )
    whole = f"{mail.text}{mail.quoted}".strip() or mail.subject or "–"
    values = {writing.WORDS: whole[:_MOST_CHARS]}
    return keep(
        values=values | ({writing.FILES: files} if files else {}),
        provenance=provenance,
        person=case.person_id,
        cause=cause,
        who=who,
    )


def _kind_of_files(place: str, purpose: str) -> str:
    """The kind that names what is attached, where the policy lets email there have any, and the purpose use it."""
    policy = in_force.policy()
    asked = any(ask.kind == writing.FILES for ask in policy.collects[place].asks)
    return writing.FILES if asked and policy.purposes[purpose].states(writing.FILES, place) else ""
