"""What a mail is: told from its headers and its form alone, before anything is done with it.

    own        one of our emails that came back         complaint  a provider's report that someone called it spam
    bounce     a server could not deliver one          automatic  a program answers: out of office, receipts, notices
    spam       the filter in front says so             list       a mailing list or a newsletter
    reply      to something we sent                    new        all else

The order counts: a bounce may say that it is automatic, and a filter may call it spam.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from troth.collection.mailbox import reports
from troth.collection.mailbox.parsed import ParsedMail
from troth.collection.mailbox.received import MailKind

_AWAY = re.compile(
    r"^(?:(?:re|aw|sv|antw)\s*:\s*)?(?:automatic reply|auto(?:matic)?[ -]?(?:response|reply|antwort)|autoreply|auto\s*:"
    r"|out of (?:the )?office|ooo\b|vacation|on vacation|away from|abwesen|automatische antwort|réponse automatique"
    r"|respuesta automática|risposta automatica|automatisch antwoord|absence du bureau|fuera de la oficina)",
    re.IGNORECASE,
)
_NO_REPLY = re.compile(r"^(?:no-?reply|do-?not-?reply|noreply-|mailer-daemon|postmaster)\b", re.IGNORECASE)
_YES = re.compile(r"^\s*(?:yes|true|1)\b", re.IGNORECASE)
_SCORE = re.compile(r"-?\d{1,3}")
_JUNK_SCORE = 5
"""Of Exchange's spam confidence levels: from here on it files a mail as junk."""


@dataclass(frozen=True)
class Ours:
    """How our own things are known.

    addresses      those of the site, in lower case
    read_id        Message-ID → our email, if it is one
    read_envelope  envelope sender → the email that it was made for; `read_reply` reply address → its thread"""

    addresses: frozenset[str]
    read_id: Callable[[str], UUID | None]
    read_envelope: Callable[[str], UUID | None]
    read_reply: Callable[[str], UUID | None]


@dataclass(frozen=True)
class Sorted:
    """What a mail is.

    thread   of the signed address that it came to; `answers`: our emails that it refers to, the latest last
    report   what a bounce or a complaint says
    believable  whether checks of its sender say anything of whose it is"""

    kind: MailKind
    thread: UUID | None = None
    answers: tuple[UUID, ...] = ()
    report: reports.MailReport | None = None
    believable: bool = True


def sort(mail: ParsedMail, ours: Ours, *, to: Sequence[str] = ()) -> Sorted:
    """Takes  to: the addresses of the envelope, where they are known."""
    at = list_ours(mail, to)
    thread = next((found for each in at if (found := ours.read_reply(each))), None)
    answers = tuple(found for each in mail.references if (found := ours.read_id(each)))
    if _is_own(mail, ours):
        return Sorted(MailKind.OWN, thread, answers)
    if (kind := reports.tell(mail)) is not None:
        return Sorted(kind, thread, answers, reports.read(mail, ours.read_id, ours.read_envelope, at))
    if is_spam(mail):
        return Sorted(MailKind.SPAM, thread, answers)
    if is_automatic(mail):
        return Sorted(MailKind.AUTOMATIC, thread, answers)
    if _is_of_list(mail):
        return Sorted(MailKind.LIST, thread, answers)
    return Sorted(MailKind.REPLY if thread or answers else MailKind.NEW, thread, answers)


def list_ours(mail: ParsedMail, to: Sequence[str] = ()) -> list[str]:
    """Every address that the mail was for, the envelope's first."""
    named = [*to, *mail.delivered_to, *(address for _, address in (*mail.to, *mail.cc))]
    return list(dict.fromkeys(named))


def is_spam(mail: ParsedMail) -> bool:
    """Whether the filter in front says so. A sender could only say it of itself."""
    says_yes = ("x-spam-flag", "x-spam-status", "x-spam", "x-barracuda-spam-status", "x-spam-detected")
    if any(_YES.match(value) for name in says_yes for value in mail.values(name)):
        return True
    if mail.value("x-ses-spam-verdict").strip().lower() == "fail" or "SFV:SPM" in mail.value(
        "x-forefront-antispam-report"
    ):
        return True
    if mail.value("x-rspamd-action").strip().lower() in ("reject", "add header", "rewrite subject"):
        return True
    score = _SCORE.match(mail.value("x-ms-exchange-organization-scl").strip())
    return bool(score) and int(score[0]) >= _JUNK_SCORE if score else False


def is_automatic(mail: ParsedMail) -> bool:
    """Whether a program wrote it: it is not answered, and tells nothing about an address."""
    submitted = mail.value("auto-submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return True
    if any(mail.values(name) for name in ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder")):
        return True
    if mail.value("precedence").strip().lower() in ("auto_reply", "auto-reply", "junk"):
        return True
    if mail.report_type == "disposition-notification" or _AWAY.match(mail.subject):
        return True
    return _has_null_sender(mail) or bool(_NO_REPLY.match(mail.address))


def _is_own(mail: ParsedMail, ours: Ours) -> bool:
    return mail.address.lower() in ours.addresses and ours.read_id(mail.message_id) is not None


def _has_null_sender(mail: ParsedMail) -> bool:
    return bool(mail.values("return-path")) and mail.return_path == ""


def _is_of_list(mail: ParsedMail) -> bool:
    names = ("list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list", "x-campaign-id")
    return any(mail.values(name) for name in names) or mail.value("precedence").strip().lower() in ("list", "bulk")
