"""What mail servers report: a bounce as RFC 3464 or in a server's own words, a complaint as RFC 5965.

A report counts only for one of our emails that its envelope address or the Message-ID in it names: anyone can write
one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from troth.collection.mailbox.parsed import ParsedMail, field_of, fields_of
from troth.collection.mailbox.received import MailKind

_DAEMON = re.compile(
    r"^(?:mailer-?daemon|postmaster|mail-?daemon|bounces?|mailer|mdaemon|microsoftexchange[0-9a-f]*|mail delivery"
    r"|mailadmin|daemon)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status|failure|report|has failed|notification|problem|incomplete)|failure notice"
    r"|returned mail|mail (?:delivery|could not be|system error)"
    r"|message (?:not delivered|could not be delivered|delivery)"
    r"|couldn.t be delivered|non.?remis|unzustellbar|nicht zugestellt|non recapitabile|no entregado|rejected|bounce"
    r"|warning: message .{0,40}delayed|delayed mail|nondeliverable|user unknown|returned to sender|mail failure",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"could ?n.t (?:be )?deliver|could not (?:be )?deliver|delivery to the following|undeliverable"
    r"|this is the (?:qmail-send|mail (?:system|delivery))|mail delivery (?:failed|system)|did not reach"
    r"|delivery has failed|permanent (?:fatal )?error|not delivered|was not delivered|unable to deliver|returned to you"
    r"|could not be sent|failed to deliver|rejected your message|wasn.t delivered|undelivered",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-])")
_RECIPIENT = re.compile(r"<([^<>\s@]{1,64}@[^<>\s@]{1,190})>")
_BARE = re.compile(r"(?<![\w.+-])([\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})")
_ID_IN_TEXT = re.compile(r"message-id:\s{0,5}<([^<>\s]{3,250})>", re.IGNORECASE)
_LINE = re.compile(
    r"(?:said|says|error|response|reason|because|diagnostic|host|remote|smtp|5\d\d|4\d\d)", re.IGNORECASE
)
_LOOKED_AT = 20_000
_LINES_OF_ANSWER = 6
_MOST_WORDS = 500
_DELAYED = frozenset({"delayed"})
_GOOD = frozenset({"delivered", "relayed", "expanded"})


@dataclass(frozen=True)
class MailReport:
    """What a server says of an email.

    email      that we sent that it is about, None where nothing in it proves one
    recipient  whom it could not reach, as it says
    status     as RFC 3463, "" where it says none;   words: in its own
    delayed    it still tries"""

    email: UUID | None
    recipient: str = ""
    status: str = ""
    words: str = ""
    delayed: bool = False


def tell(mail: ParsedMail) -> MailKind | None:
    """BOUNCE, COMPLAINT, or AUTOMATIC for a report of success; None for what is no report."""
    if mail.report_type == "feedback-report":
        return MailKind.COMPLAINT
    if mail.report_type == "delivery-status":
        actions = {value.strip().lower() for value in fields_of(mail.report, "action")}
        return MailKind.AUTOMATIC if actions and actions <= _GOOD else MailKind.BOUNCE
    return MailKind.BOUNCE if _is_in_own_words(mail) else None


def read(
    mail: ParsedMail,
    read_id: Callable[[str], UUID | None],
    read_envelope: Callable[[str], UUID | None],
    at: Sequence[str],
) -> MailReport:
    """Takes  at: the addresses that it came to."""
    whole = f"{mail.text}\n{mail.quoted}"[:_LOOKED_AT]
    said = field_of(mail.report, "diagnostic-code").partition(";")[2].strip()
    words = said or _find_line(whole)
    status = field_of(mail.report, "status") or words
    named = [each for each in map(read_envelope, at) if each] + [
        each for each in map(read_id, _list_ids(mail, whole)) if each
    ]
    actions = {value.strip().lower() for value in fields_of(mail.report, "action")}
    return MailReport(
        email=next(iter(named), None),
        recipient=_find_recipient(mail, whole),
        status=_find_status(status) or _find_status(words),
        words=words[:_MOST_WORDS],
        delayed=bool(actions) and actions <= _DELAYED,
    )


def _is_in_own_words(mail: ParsedMail) -> bool:
    """Of servers that write no report: who it is from, or that nobody could answer it, and what it says."""
    if mail.values("x-failed-recipients"):
        return True
    if mail.value("auto-submitted").lower().startswith("auto-replied") and not mail.returned:
        return False
    local, name = mail.address.partition("@")[0], mail.sender[0] if mail.sender else ""
    null = bool(mail.values("return-path")) and mail.return_path == ""
    daemon = bool(_DAEMON.match(local) or _DAEMON.match(name))
    if not (null or daemon):
        return False
    whole = f"{mail.text[:_LOOKED_AT]}\n{mail.quoted[:_LOOKED_AT]}"
    return bool(_SUBJECT.search(mail.subject)) or (daemon and bool(_WORDS.search(whole)))


def _list_ids(mail: ParsedMail, whole: str) -> list[str]:
    """Message-IDs that may be that of our email, the surest first."""
    ids = [field_of(mail.returned, "message-id").strip().strip("<>")]
    ids += [each.strip().strip("<>") for each in fields_of(mail.report, "original-message-id")]
    return [each for each in [*ids, *reversed(mail.references), *_ID_IN_TEXT.findall(whole)] if each]


def _find_recipient(mail: ParsedMail, whole: str) -> str:
    for name in ("original-recipient", "final-recipient", "original-rcpt-to"):
        if value := field_of(mail.report, name):
            return (value.partition(";")[2] or value).strip().strip("<>")[:320]
    if value := mail.value("x-failed-recipients"):
        return value.partition(",")[0].strip()[:320]
    found = _RECIPIENT.search(whole) or _BARE.search(whole)
    return found[1] if found else ""


def _find_line(whole: str) -> str:
    """The line with the server's answer, joined with what follows of it; else what is at or under the recipient."""
    lines = [line.strip(" >\t") for line in whole.splitlines()[:300]]
    for at, line in enumerate(lines):
        if (_STATUS.search(line) or _CODE.search(line)) and _LINE.search(line):
            return " ".join(lines[at : at + 4]).strip()
    named = [at for at, line in enumerate(lines) if _RECIPIENT.search(line)]
    named += [at for at, line in enumerate(lines) if _BARE.search(line)]
    return " ".join(filter(None, lines[named[0] : named[0] + _LINES_OF_ANSWER])) if named else ""


def _find_status(words: str) -> str:
    found = _STATUS.search(words)
    return ".".join(found.groups()) if found else ""
