"""What a mail is, told before anything else: a table of mails as programs and servers write them."""

from uuid import UUID

import pytest

from troth.collection.mailbox.authenticity import is_verified
from troth.collection.mailbox.parsed import ParsedMail, add_contents
from troth.collection.mailbox.parser import message
from troth.collection.mailbox.received import MailKind
from troth.collection.mailbox.sorting import Ours, Sorted, sort

EMAIL, THREAD = UUID(int=7), UUID(int=9)
ID = f"{EMAIL}@acme.example"
OURS = Ours(
    addresses=frozenset({"portal@acme.example"}),
    read_id=lambda id: EMAIL if id == ID else None,
    read_envelope=lambda address: EMAIL if address == "portal+b7@acme.example" else None,
    read_reply=lambda address: THREAD if address == "portal+r9@acme.example" else None,
)
_FROM = "From: Vera <vera@home.example>\nTo: portal@acme.example\nSubject: About the quote\n"
_DAEMON = "From: Mail Delivery Subsystem <MAILER-DAEMON@mx.home.example>\nTo: portal@acme.example\n"
_DSN = (
    _DAEMON + "Subject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nNot delivered.\n"
    "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.home.example\n\n"
    "Final-Recipient: rfc822; vera@home.example\nAction: {action}\nStatus: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 <vera@home.example>: Recipient address rejected: User unknown\n\n"
    "--b\nContent-Type: {returned}\n\nMessage-ID: <{id}>\nSubject: Your quote\n\n--b--\n"
)
_ARF = (
    "From: <fbl@provider.example>\nTo: abuse@acme.example\nSubject: FW: Your news\nMIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nThis is an abuse report.\n"
    "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: SomeGenerator/1.0\nVersion: 1\n"
    "Original-Rcpt-To: <vera@home.example>\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <{id}>\n\nHello\n--b--\n"
)
_QMAIL = (
    "Return-Path: <>\nFrom: MAILER-DAEMON@mx.home.example\nTo: portal@acme.example\nSubject: failure notice\n\n"
    "Hi. This is the qmail-send program at mx.home.example.\nI'm afraid I wasn't able to deliver your message to the "
    "following addresses.\n\n<vera@home.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
    f"--- Below this line is a copy of the message.\n\nMessage-ID: <{ID}>\n"
)
_EXIM = (
    "Return-Path: <>\nX-Failed-Recipients: vera@home.example\nAuto-Submitted: auto-replied\n"
    "From: Mail Delivery System <Mailer-Daemon@mx.home.example>\nTo: portal@acme.example\n"
    "Subject: Mail delivery failed: returning message to sender\n\nThis message was created automatically by mail "
    "delivery software.\n\n  vera@home.example\n    host mx.home.example [192.0.2.1]\n"
    "    SMTP error from remote mail server after RCPT TO:<vera@home.example>:\n    550 5.1.1 No such user\n"
)
_EXCHANGE = (
    "From: postmaster@home.example\nTo: portal@acme.example\nSubject: Undeliverable: Your quote\n"
    f"In-Reply-To: <{ID}>\n\nYour message to vera@home.example couldn't be delivered.\n"
    "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found'\n"
)

TABLE = {
    "a question": (_FROM + "\nHow much?", MailKind.NEW),
    "an answer by reference": (_FROM + f"References: <x@y> <{ID}>\n\nYes.", MailKind.REPLY),
    "an answer to the signed address": (_FROM.replace("portal@", "portal+r9@") + "\nYes.", MailKind.REPLY),
    "an answer with the signed address in Cc": (_FROM + "Cc: portal+r9@acme.example\n\nYes.", MailKind.REPLY),
    "an answer delivered to the signed address": (
        _FROM + "Delivered-To: portal+r9@acme.example\n\nYes.",
        MailKind.REPLY,
    ),
    "an answer by its subject alone": (_FROM.replace("About", "Re: Q-2026-0001") + "\nYes.", MailKind.NEW),
    "a reference to somebody else's": (_FROM + "References: <x@y>\n\nYes.", MailKind.NEW),
    "a bounce as RFC 3464": (_DSN.format(action="failed", returned="message/rfc822", id=ID), MailKind.BOUNCE),
    "a bounce with the headers alone": (
        _DSN.format(action="failed", returned="text/rfc822-headers", id=ID),
        MailKind.BOUNCE,
    ),
    "a delay": (_DSN.format(action="delayed", returned="message/rfc822", id=ID), MailKind.BOUNCE),
    "a report of success": (_DSN.format(action="delivered", returned="message/rfc822", id=ID), MailKind.AUTOMATIC),
    "qmail's words": (_QMAIL, MailKind.BOUNCE),
    "Exim's words": (_EXIM, MailKind.BOUNCE),
    "Exchange's words": (_EXCHANGE, MailKind.BOUNCE),
    "a complaint": (_ARF.format(id=ID), MailKind.COMPLAINT),
    "out of office by RFC 3834": (_FROM + "Auto-Submitted: auto-replied\n\nAway.", MailKind.AUTOMATIC),
    "generated": (_FROM + "Auto-Submitted: auto-generated; type=x\n\nDone.", MailKind.AUTOMATIC),
    "by a person, says RFC 3834": (_FROM + "Auto-Submitted: no\n\nHello.", MailKind.NEW),
    "out of office by its subject": (_FROM.replace("About", "Automatic reply: About") + "\nAway.", MailKind.AUTOMATIC),
    "out of office in German": (_FROM.replace("About", "Abwesenheitsnotiz: About") + "\nWeg.", MailKind.AUTOMATIC),
    "an autoresponder": (_FROM + "X-Autoreply: yes\n\nAway.", MailKind.AUTOMATIC),
    "precedence auto_reply": (_FROM + "Precedence: auto_reply\n\nAway.", MailKind.AUTOMATIC),
    "an empty envelope sender": ("Return-Path: <>\n" + _FROM + "\nAway.", MailKind.AUTOMATIC),
    "noreply": (_FROM.replace("vera@", "noreply@") + "\nDone.", MailKind.AUTOMATIC),
    "a vacation reply that quotes us": (
        _FROM + f"In-Reply-To: <{ID}>\nAuto-Submitted: auto-replied\n\nx",
        MailKind.AUTOMATIC,
    ),
    "a mailing list": (_FROM + "List-Id: <dev.lists.example>\n\nHi all.", MailKind.LIST),
    "a newsletter": (_FROM + "List-Unsubscribe: <https://x.example>\nPrecedence: bulk\n\nBuy.", MailKind.LIST),
    "our own, back": (f"From: portal@acme.example\nTo: x@y.example\nMessage-ID: <{ID}>\n\nHello.", MailKind.OWN),
    "somebody as us": ("From: portal@acme.example\nMessage-ID: <x@y>\n\nHello.", MailKind.NEW),
    "SpamAssassin": (_FROM + "X-Spam-Flag: YES\n\nBuy.", MailKind.SPAM),
    "SpamAssassin's status": (_FROM + "X-Spam-Status: Yes, score=9.1\n\nBuy.", MailKind.SPAM),
    "SpamAssassin says no": (_FROM + "X-Spam-Status: No, score=-1.9\n\nHello.", MailKind.NEW),
    "rspamd": (_FROM + "X-Rspamd-Action: add header\n\nBuy.", MailKind.SPAM),
    "rspamd says no": (_FROM + "X-Rspamd-Action: no action\n\nHello.", MailKind.NEW),
    "Exchange's level 9": (_FROM + "X-MS-Exchange-Organization-SCL: 9\n\nBuy.", MailKind.SPAM),
    "Exchange's level -1": (_FROM + "X-MS-Exchange-Organization-SCL: -1\n\nHello.", MailKind.NEW),
    "Amazon": (_FROM + "X-SES-Spam-Verdict: FAIL\n\nBuy.", MailKind.SPAM),
    "a person named Postmaster who asks": (_FROM.replace("Vera", "Paul Postmaster") + "\nHow much?", MailKind.NEW),
    "someone who writes about a bounce": (
        _FROM.replace("About", "Delivery failed for") + "\nIt bounced.",
        MailKind.NEW,
    ),
}


def read(text: str) -> ParsedMail:
    found, contents = message.read(text.encode())
    return add_contents(ParsedMail.model_validate(found), contents)


def sorted_as(text: str, *to: str) -> Sorted:
    return sort(read(text), OURS, to=to)


@pytest.mark.parametrize("name", TABLE)
def test_a_mail_is_told(name: str) -> None:
    text, kind = TABLE[name]
    assert sorted_as(text).kind == kind


@pytest.mark.parametrize(
    ("name", "status", "recipient"),
    [
        ("a bounce as RFC 3464", "5.1.1", "vera@home.example"),
        ("a bounce with the headers alone", "5.1.1", "vera@home.example"),
        ("qmail's words", "5.1.1", "vera@home.example"),
        ("Exchange's words", "5.1.10", "vera@home.example"),
    ],
)
def test_a_bounce_says_which_email_whom_and_why(name: str, status: str, recipient: str) -> None:
    report = sorted_as(TABLE[name][0]).report
    assert report is not None
    assert (report.email, report.status, report.recipient) == (EMAIL, status, recipient)


def test_a_bounce_is_known_by_its_envelope_alone_and_a_made_up_one_is_not() -> None:
    text = TABLE["Exim's words"][0]
    made_up, ours = sorted_as(text).report, sorted_as(text, "portal+b7@acme.example").report
    assert made_up is not None
    assert ours is not None
    assert (made_up.email, ours.email, ours.status) == (None, EMAIL, "5.1.1")


def test_a_delay_is_no_failure_yet_and_a_complaint_names_the_email() -> None:
    delay, complaint = sorted_as(TABLE["a delay"][0]).report, sorted_as(TABLE["a complaint"][0]).report
    assert delay is not None
    assert complaint is not None
    assert (delay.delayed, complaint.email, complaint.recipient) == (True, EMAIL, "vera@home.example")


def test_a_thread_is_named_by_the_address_before_any_reference() -> None:
    found = sorted_as(TABLE["an answer with the signed address in Cc"][0].replace("Cc:", f"References: <{ID}>\nCc:"))
    assert (found.thread, found.answers) == (THREAD, (EMAIL,))


_RESULTS = "Authentication-Results: mx.acme.example; {}\n"


@pytest.mark.parametrize(
    ("results", "authserv_id", "believed"),
    [
        (_RESULTS.format("dmarc=pass header.from=home.example"), "mx.acme.example", True),
        (_RESULTS.format("dkim=pass header.d=mail.home.example"), "mx.acme.example", True),
        (_RESULTS.format("spf=pass smtp.mailfrom=bounce@home.example"), "mx.acme.example", True),
        (_RESULTS.format("spf=pass smtp.mailfrom=x@evil.example"), "mx.acme.example", False),
        (_RESULTS.format("dkim=pass header.d=evil.example"), "mx.acme.example", False),
        (_RESULTS.format("dmarc=fail header.from=home.example"), "mx.acme.example", False),
        (_RESULTS.format("spf=fail (dmarc=pass) smtp.mailfrom=x@home.example"), "mx.acme.example", False),
        (_RESULTS.format("dmarc=pass header.from=home.example"), "mx.other.example", False),
        (_RESULTS.format("dmarc=pass header.from=home.example"), "", False),
        (
            _RESULTS.format("dmarc=fail header.from=home.example")
            + _RESULTS.format("dmarc=pass header.from=home.example"),
            "mx.acme.example",
            False,
        ),
        ("", "mx.acme.example", False),
    ],
)
def test_a_sender_is_believed_by_the_named_servers_word_alone(results: str, authserv_id: str, believed: bool) -> None:
    assert is_verified(read(results + _FROM + "\nHello."), authserv_id=authserv_id) is believed


def test_without_a_named_server_a_signature_that_we_checked_counts() -> None:
    mail = read(_RESULTS.format("dmarc=pass header.from=home.example") + _FROM + "\nHello.")
    assert is_verified(mail, authserv_id="", signed_by=["mail.home.example"])
    assert not is_verified(mail, authserv_id="", signed_by=["evil.example"])
    assert not is_verified(read(_FROM + "\nHello."), authserv_id="mx.acme.example", signed_by=["home.example"])


@pytest.mark.parametrize("second", ["From: vera@home.example", "Subject: Close it", "Content-Type: text/html"])
def test_with_two_of_a_header_that_mails_have_once_nobody_is_believed(second: str) -> None:
    mail = read(f"{second}\nContent-Type: text/plain\n{_FROM}\nHello.")
    assert not is_verified(mail, authserv_id="", signed_by=["home.example"])
