"""A labelled set of bounces of our own: each line of bounces.txt as the whole mail that its server would write.

One half was used while the words were found. The other was written without looking at them, and is only measured.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from bench.figures import Figure
from troth.collection.mailbox.parsed import ParsedMail, add_contents
from troth.collection.mailbox.parser import message
from troth.collection.mailbox.received import MailKind
from troth.collection.mailbox.sorting import Ours, sort

EMAIL, TO = UUID(int=7), "ada@halden.example"
ID = f"{EMAIL}@acme.example"
OURS = Ours(
    addresses=frozenset({"portal@acme.example"}),
    read_id=lambda id: EMAIL if id == ID else None,
    read_envelope=lambda address: EMAIL if address == "portal+b7@acme.example" else None,
    read_reply=lambda address: None,
)
LEARNED, KEPT_BACK = "learn", "keep"
RIGHT, KILLED = 97, 1
"""Percent: at least so many told right, at most so many living addresses called dead."""
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_TOP = "Return-Path: <>\nDelivered-To: portal+b7@acme.example\nTo: portal@acme.example\nMIME-Version: 1.0\n"


@dataclass(frozen=True)
class Bounce:
    half: str
    server: str
    dead: bool
    said: str

    @property
    def raw(self) -> bytes:
        return _WRITERS[self.server](self.said.replace("{to}", TO)).encode()


@dataclass(frozen=True)
class Rates:
    """Shares of bounces: hard-or-not told right, and living addresses that were called dead."""

    count: int
    right: float
    killed: float
    wrong: tuple[Bounce, ...]


def load(half: str) -> list[Bounce]:
    text = Path(__file__).with_name("bounces.txt").read_text(encoding="utf-8")
    lines = [[part.strip() for part in line.split("|", 3)] for line in text.splitlines() if not line.startswith("#")]
    return [
        Bounce(part, server, label == "dead", said.replace("\\n", "\n"))
        for part, server, label, said in lines
        if part == half
    ]


def is_called_dead(bounce: Bounce) -> bool | None:
    """What the mailbox makes of it; None where it doesn't see that it is a bounce of our email."""
    found, contents = message.read(bounce.raw)
    told = sort(add_contents(ParsedMail.model_validate(found), contents), OURS)
    if told.kind is not MailKind.BOUNCE or told.report is None or told.report.email != EMAIL:
        return None
    from troth.outbox.faults import sort_bounce  # the program's tables: Django is set up once the run has begun

    return not told.report.delayed and sort_bounce(told.report.status, told.report.words).hard


def measure(half: str) -> Rates:
    found = [(bounce, is_called_dead(bounce)) for bounce in load(half)]
    wrong = tuple(bounce for bounce, called in found if called is not bounce.dead)
    living = [called for bounce, called in found if not bounce.dead]
    return Rates(len(found), 1 - len(wrong) / len(found), sum(each is True for each in living) / len(living), wrong)


def figures() -> Iterator[Figure]:
    """Of the half that is kept back: whether nobody reads there, told right, and who was given up who reads."""
    kept = measure(KEPT_BACK)
    note = f"{kept.count} bounces kept back, {len({bounce.server for bounce in load(KEPT_BACK)})} kinds of servers"
    yield Figure("bounces told right: hard or not", 100 * kept.right, "%", RIGHT, "higher", note)
    yield Figure("living addresses that were called dead", 100 * kept.killed, "%", KILLED)


def _report(said: str, *, mta: str, words: str, sender: str, subject: str) -> str:
    """As RFC 3464 has it, with a server's own words before it."""
    found = _STATUS.search(said)
    diagnostic = said.replace("\n", "\n    ")
    kind = "smtp" if re.match(r"\d{3}", said) else f"x-{mta}"
    return (
        f"From: {sender}\nSubject: {subject}\n{_TOP}"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{words}\n\n--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.{mta}.example\n\nFinal-Recipient: rfc822; {TO}\nAction: failed\n"
        f"Status: {found[1] if found else '5.0.0'}\nDiagnostic-Code: {kind}; {diagnostic}\n\n"
        f"--b\nContent-Type: message/rfc822\n\nMessage-ID: <{ID}>\nSubject: Your quote\n\nHello\n\n--b--\n"
    )


def _plain(said: str, *, sender: str, subject: str, words: str, more: str = "") -> str:
    """A server that writes no report."""
    return (
        f"From: {sender}\nSubject: {subject}\n{more}{_TOP}Content-Type: text/plain; charset=utf-8\n\n"
        f"{words.format(to=TO, said=said)}\n\n------ This is a copy of your message ------\n\n"
        f"Message-ID: <{ID}>\n\nHello\n"
    )


def _postfix(said: str) -> str:
    words = (
        "This is the mail system at host mx.postfix.example.\n\nI'm sorry to have to inform you that your message "
        f"could not\nbe delivered to one or more recipients. It's attached below.\n\n<{TO}>: {said}"
    )
    return _report(
        said,
        mta="postfix",
        words=words,
        sender="Mail Delivery System <MAILER-DAEMON@mx.postfix.example>",
        subject="Undelivered Mail Returned to Sender",
    )


def _gmail(said: str) -> str:
    words = f"** Message not delivered **\n\nYour message couldn't be delivered to {TO}.\n\nThe response was:\n\n{said}"
    sender = "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"
    return _report(said, mta="googlemail", words=words, sender=sender, subject="Delivery Status Notification (Failure)")


def _exchange(said: str) -> str:
    words = (
        f"Delivery has failed to these recipients or groups:\n\n{TO}\n\nDiagnostic information for administrators:\n\n"
        f"Generating server: AM7PR03MB1.eurprd03.prod.outlook.com\n\n{TO}\nRemote Server returned '{said}'"
    )
    sender = "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@halden.example>"
    return _report(said, mta="outlook", words=words, sender=sender, subject="Undeliverable: Your quote")


def _sendmail(said: str) -> str:
    words = (
        "The original message was received at Mon, 23 Nov 2026 10:00:00 GMT\n\n   ----- The following addresses had "
        f"permanent fatal errors -----\n<{TO}>\n\n   ----- Transcript of session follows -----\n{said}"
    )
    sender = "Mail Delivery Subsystem <MAILER-DAEMON@mx.sendmail.example>"
    return _report(
        said, mta="sendmail", words=words, sender=sender, subject="Returned mail: see transcript for details"
    )


def _translated(sender: str, subject: str, words: str) -> Callable[[str], str]:
    return lambda said: _report(
        said,
        mta="halden",
        words=f"{words}\n\n<{TO}>: {said}",
        sender=f"{sender} <MAILER-DAEMON@halden.example>",
        subject=subject,
    )


def _own_words(sender: str, subject: str, words: str, more: str = "") -> Callable[[str], str]:
    return lambda said: _plain(said, sender=sender, subject=subject, words=words, more=more)


_WRITERS: Mapping[str, Callable[[str], str]] = {
    "postfix": _postfix,
    "icloud": _postfix,
    "barracuda": _postfix,
    "gmail": _gmail,
    "exchange": _exchange,
    "sendmail": _sendmail,
    "proofpoint": _sendmail,
    "mimecast": _own_words(
        "Postmaster <postmaster@mimecast.example>",
        "Undeliverable: Your quote",
        "Your message was not delivered to the following recipient:\n\n{to}\n\nThe remote server said:\n{said}",
    ),
    "exim": _own_words(
        "Mail Delivery System <Mailer-Daemon@mx.exim.example>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
        "delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
        "  {to}\n    {said}",
        f"X-Failed-Recipients: {TO}\nAuto-Submitted: auto-replied\n",
    ),
    "qmail": _own_words(
        "MAILER-DAEMON@mx.qmail.example",
        "failure notice",
        "Hi. This is the qmail-send program at mx.qmail.example.\nI'm afraid I wasn't able to deliver your message to "
        "the following addresses.\nThis is a permanent error; I've given up.\n\n<{to}>:\n{said}",
    ),
    "yahoo": _own_words(
        "MAILER-DAEMON@yahoo.example",
        "Failure Notice",
        "Sorry, we were unable to deliver your message to the following address.\n\n<{to}>:\n{said}",
    ),
    "domino": _own_words(
        "Postmaster <postmaster@domino.example>",
        "DELIVERY FAILURE: Your quote",
        "Your message\n\n  Subject: Your quote\n\nwas not delivered to:\n\n  {to}\n\nbecause:\n\n  {said}",
    ),
    "german": _translated(
        "Mail-Zustellsystem", "Unzustellbare Nachricht", "Ihre Nachricht konnte nicht zugestellt werden."
    ),
    "french": _translated("Service de messagerie", "Message non remis", "Votre message n'a pas pu être remis."),
    "spanish": _translated("Sistema de correo", "Correo no entregado", "No se pudo entregar su mensaje."),
    "italian": _translated("Sistema di posta", "Messaggio non recapitabile", "Impossibile recapitare il messaggio."),
    "japanese": _translated("メール配信システム", "配信不能通知", "メッセージを配信できませんでした。"),
    "russian": _translated("Почтовая система", "Недоставленное сообщение", "Ваше письмо не доставлено."),
    "portuguese": _translated("Sistema de correio", "Mensagem não entregue", "A sua mensagem não foi entregue."),
    "polish": _translated("System pocztowy", "Wiadomość niedostarczona", "Wiadomość nie została dostarczona."),
    "dutch": _translated("Mailsysteem", "Onbestelbaar bericht", "Uw bericht kon niet worden bezorgd."),
}
