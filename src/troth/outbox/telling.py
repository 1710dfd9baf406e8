"""What became of a letter, in a sentence: it is promised, waits, was sent, or could not be delivered, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from troth import gate
from troth.outbox import emails
from troth.outbox.models import Letter

State = Letter.State


@dataclass(frozen=True)
class Mailed:
    """One letter as pages show it. `permit`: the grant or disclosure that let it be written."""

    template: str
    to: str
    permit: UUID
    state: str
    sent: bool
    sentence: str
    at_utc: datetime


def of_request(request: UUID, *, you: str, reasons: bool = True) -> list[Mailed]:
    """The letters of one request, oldest first.

    Takes   you: how the page names the person; reasons: whether it may say why the policy held a letter back."""
    found = Letter.objects.filter(request=request).order_by("queued_utc", "id")
    return [mailed(letter, you=you, reasons=reasons) for letter in found]


def of_permits(permits: Sequence[UUID]) -> dict[UUID, Mailed]:
    """Permit → its letter.   Cost  1 query, or none."""
    found = Letter.objects.filter(permit__in=permits) if permits else ()
    return {letter.permit: mailed(letter, you=_("you")) for letter in found}


def mailed(letter: Letter, *, you: str, reasons: bool = True) -> Mailed:
    return Mailed(
        template=letter.template,
        to=letter.to_name or you,
        permit=letter.permit,
        state=letter.state,
        sent=letter.state == State.SENT,
        sentence=_sentence(letter, to=letter.to_name or you, reasons=reasons),
        at_utc=letter.sent_utc or letter.claimed_utc or letter.queued_utc,
    )


def why(letter: Letter) -> str:
    """Why it waits or failed; empty where nothing went wrong. The law's own codes are put in words elsewhere."""
    return why_in_words(letter.why) if letter.state in (State.WAITING, State.FAILED) else ""


def why_in_words(code: str) -> str:
    """The transport's code in words: "smtp 451 4.7.1", "no connection", …"""
    answer, _space, status = code.removeprefix("smtp ").partition(" ")
    told = _STATUSES.get(status[2:]) if status else None
    match code:
        case "no connection":
            return _("our mail server couldn’t be reached")
        case "timed out":
            return _("the mail server did not answer in time")
        case "disconnected":
            return _("the mail server closed the connection")
        case "no encryption":
            return _("the connection to our mail server couldn’t be encrypted")
        case "no sign-in":
            return _("our mail server did not accept our password")
        case "spent":
            return _("its link was used or replaced in the meantime")
        case emails.NOT_STATED:
            return _("our policy does not state this email")
        case gate.AFTER_RESTORE:
            return _("held after a restore until an operator releases it")
        case "not supported":
            return _("our mail server doesn’t support this kind of address")
    if told is not None:
        return f"{told()} ({' '.join(filter(None, (answer, status)))})"
    if answer.startswith("4"):
        return _("the mail server asked us to try again later (%(code)s)") % {"code": answer}
    if answer.startswith("5"):
        return _("the mail server refused it (%(code)s)") % {"code": answer}
    return _("the mail server did not accept it")


# By the last two numbers of an enhanced status code.   Source  RFC 3463, 3
_STATUSES = {
    "1.1": lambda: _("the mail server does not know this mailbox"),
    "1.2": lambda: _("the mail server does not know this domain"),
    "1.10": lambda: _("this domain takes no email"),
    "2.1": lambda: _("the mailbox is closed"),
    "2.2": lambda: _("the mailbox is full"),
    "7.1": lambda: _("the mail server doesn’t accept our email for this address"),
}


def _sentence(letter: Letter, *, to: str, reasons: bool) -> str:
    said = {"to": to, "why": why(letter)}
    match letter.state:
        case State.SENT:
            return _("We sent an email to %(to)s.") % said
        case State.WAITING:
            said["until"] = _moment(letter.next_try_utc)
            return _("We will email %(to)s: %(why)s. We try again %(until)s, for two days at most.") % said
        case State.FAILED:
            return _("We couldn’t deliver our email to %(to)s because %(why)s.") % said
        case State.HELD if reasons and letter.why == "opted out":
            return _("We did not email %(to)s, who opted out of this.") % said
        case State.HELD:
            return _("We did not email %(to)s because our privacy policy does not allow it.") % said
    return _("We will email %(to)s.") % said


def _moment(at_utc: datetime | None) -> str:
    if at_utc is None:
        return ""
    return formats.date_format(
        timezone.localtime(at_utc), pgettext("date format: Nov 20, 2026, 2:02 PM PST", "M j, Y, g:i A T")
    )
