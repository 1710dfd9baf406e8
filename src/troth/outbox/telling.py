"""The status of an email as a sentence: promised, waiting, sent, or not delivered and why."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from troth import gate
from troth.outbox import claims, emails, suppression
from troth.outbox.models import PATIENCE, PERSON, QueuedEmail
from troth.queries import PreparedQuery, Slot
from troth.text.times import lasting

State = QueuedEmail.State
_OF_REQUESTS = PreparedQuery(
    # An email to many is a request of its own; asked so, each half has its index.
    lambda: QueuedEmail.objects.filter(
        Q(request__any=Slot("causes"), batch=None) | Q(id__any=Slot("causes"), batch__isnull=False)
    ).order_by("queued_utc", "id")
)
_TO_MANY = PreparedQuery(lambda: QueuedEmail.objects.filter(id__any=Slot("causes"), batch__isnull=False))
_OF_PERMITS = PreparedQuery(lambda: QueuedEmail.objects.filter(permit__any=Slot("permits")))

_read: ContextVar[dict[UUID, QueuedEmail] | None] = ContextVar("emails as this page read them first", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Inside it, such as within one page, each email stays as it was when it was read first.

    A page that tells of an email in two places must not say in one that it waits, and in the other that it left."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


@dataclass(frozen=True)
class Mailed:
    """One email as pages show it. `permit`: the grant or disclosure that let it be written."""

    template: str
    to: str
    permit: UUID | None
    state: str
    sent: bool
    sentence: str
    at_utc: datetime


def of_request(cause: UUID, *more: UUID, you: str, reasons: bool = True) -> list[Mailed]:
    """The emails of one request, oldest first.

    Takes   more: further causes of the same request; you: how the page names the person; reasons: whether it may say
            why the policy held an email back."""
    found = _as_read_first(_OF_REQUESTS.list(causes=[cause, *more]))
    return [describe_email(email, you=you, reasons=reasons) for email in found]


def of_requests(causes: Sequence[UUID], *, you: str) -> dict[UUID, Mailed]:
    """Request → the email about it to the person, for requests with one each.   Cost  1 query, or none."""
    found = _as_read_first(_OF_REQUESTS.list(causes=[*causes]) if causes else ())
    return {email.request: describe_email(email, you=you) for email in found if email.request and email.to == PERSON}


def find_batches(causes: Sequence[UUID]) -> dict[UUID, UUID]:
    """Cause → the batch, of those that are emails to many.   Cost  1 query, or none."""
    found = _TO_MANY.list(causes=[*causes]) if causes else ()
    return {email.pk: email.batch for email in found if email.batch}


def of_permits(permits: Sequence[UUID]) -> dict[UUID, Mailed]:
    """Permit → its email.   Cost  1 query, or none."""
    found = _as_read_first(_OF_PERMITS.list(permits=[*permits]) if permits else ())
    return {email.permit: describe_email(email, you=_("you")) for email in found if email.permit}


def _as_read_first(found: Iterable[QueuedEmail]) -> list[QueuedEmail]:
    read = _read.get()
    return [*found] if read is None else [read.setdefault(email.pk, email) for email in found]


def describe_email(email: QueuedEmail, *, you: str, reasons: bool = True) -> Mailed:
    return Mailed(
        template=emails.name_now(email.template),
        to=email.to_name or you,
        permit=email.permit,
        state=email.state,
        sent=email.state == State.SENT,
        sentence=_sentence(email, to=email.to_name or you, reasons=reasons),
        at_utc=email.sent_utc or email.claimed_utc or email.queued_utc,
    )


def why_in_words(code: str) -> str:
    """The transport's code in words: "smtp 451 4.7.1", "no connection" and others."""
    answer, _space, status = code.removeprefix("smtp ").removeprefix("bounce ").partition(" ")
    told = _STATUSES.get(status[2:]) if status else None
    if code in _REASONS:
        return str(_REASONS[code])
    if code.startswith("error "):
        return _("writing it failed (%(kind)s)") % {"kind": code.removeprefix("error ")}
    if code.startswith("template "):
        file, _colon, number = code.removeprefix("template ").partition(":")
        place = _("line %(line)s of %(file)s") % {"line": number, "file": file} if number else file
        return _("its template has an error (%(place)s)") % {"place": place}
    if told is not None:
        return f"{told()} ({' '.join(filter(None, (answer, status)))})"
    if answer.startswith("4"):
        return _("the mail server asked us to try again later (%(code)s)") % {"code": answer}
    if answer.startswith("5"):
        return _("the mail server refused it (%(code)s)") % {"code": answer}
    return _("the mail server did not accept it")


_REASONS = {
    "no connection": gettext_lazy("our mail server couldn’t be reached"),
    "timed out": gettext_lazy("the mail server did not answer in time"),
    "disconnected": gettext_lazy("the mail server closed the connection"),
    "no encryption": gettext_lazy("the connection to our mail server couldn’t be encrypted"),
    "no signing key": gettext_lazy("our key for signing emails can’t be used"),
    "picture": gettext_lazy("a picture that it shows isn’t in the site folder any more, or can’t be used"),
    "no answer": gettext_lazy("the mail server closed the connection before it said whether it took it"),
    claims.INTERRUPTED: gettext_lazy("our program was interrupted while sending it"),
    claims.LATE: gettext_lazy("it would arrive too late to be useful"),
    claims.GIVEN_UP: gettext_lazy("we decided not to send it"),
    claims.TOO_MANY: gettext_lazy("too many emails of this sending were refused"),
    claims.COMPLAINTS: gettext_lazy("too many readers complained about this sending"),
    claims.STOPPED: gettext_lazy("the sending was stopped"),
    suppression.SUPPRESSED: gettext_lazy("earlier email to this address came back, or its reader asked for none"),
    "no sign-in": gettext_lazy("our mail server did not accept our password"),
    emails.SPENT: gettext_lazy("its link was used or replaced in the meantime"),
    emails.SETTLED: gettext_lazy("what it asks was answered, or opted out of, in the meantime"),
    emails.NOT_STATED: gettext_lazy("our policy does not state this email"),
    gate.AFTER_RESTORE: gettext_lazy("held after a restore until an operator releases it"),
    "not supported": gettext_lazy("our mail server doesn’t support this kind of address"),
}
"""The transport's codes and our own, but for those of mail servers."""

# By the last two numbers of an enhanced status code.   Source  RFC 3463, 3
_STATUSES = {
    "1.1": lambda: _("the mail server does not know this mailbox"),
    "1.2": lambda: _("the mail server does not know this domain"),
    "1.10": lambda: _("this domain takes no email"),
    "2.1": lambda: _("the mailbox is closed"),
    "2.2": lambda: _("the mailbox is full"),
    "7.1": lambda: _("the mail server doesn’t accept our email for this address"),
}


def _sentence(email: QueuedEmail, *, to: str, reasons: bool) -> str:
    said = {"to": to, "why": _why_to_reader(email.why)}
    match email.state:
        case State.SENT:
            return _("We sent an email to %(to)s.") % said
        case State.PLANNED if email.is_waiting:
            said |= {"until": _moment(email.next_try_utc), "most": lasting(PATIENCE)}
            return _("We will email %(to)s: %(why)s. We try again %(until)s, for %(most)s at most.") % said
        case State.FAILED:
            return _("We couldn’t deliver our email to %(to)s because %(why)s.") % said
        case State.UNKNOWN:
            return _("We may have sent an email to %(to)s: %(why)s, so we can’t tell.") % said
        case State.REFUSED if reasons and email.why == "opted out":
            return _("We did not email %(to)s, who opted out of this.") % said
        case State.REFUSED if reasons and email.why == "not held":
            return _("We did not email %(to)s because we have no email address for this.") % said
        case State.REFUSED if email.why == claims.GIVEN_UP or (
            reasons and email.why in (emails.SPENT, emails.SETTLED, suppression.SUPPRESSED)
        ):
            return _("We did not email %(to)s: %(why)s.") % said
        case State.HELD:
            return _("We have not emailed %(to)s yet: %(why)s.") % said
        case State.REFUSED:
            return _("We did not email %(to)s because our privacy policy does not allow it.") % said
    return _("We will email %(to)s.") % said


def _why_to_reader(code: str) -> str:
    """The reason without names of our files and errors, which say nothing to a customer."""
    ours = code == "picture" or code.startswith(("template ", "error "))
    return _("we have to correct an error on our side first") if ours else why_in_words(code)


def _moment(at_utc: datetime | None) -> str:
    if at_utc is None:
        return ""
    return formats.date_format(
        timezone.localtime(at_utc), pgettext("date format: Nov 20, 2026, 2:02 PM PST", "M j, Y, g:i A T")
    )
