"""Email of a demonstration: questions, a privacy request, a late answer, a bounce, an absence, spam, and a trap."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from troth import in_force
from troth.collection.mailbox import intake
from troth.outbox import returns
from troth.records.ids import new_id
from troth.site import site

_QUESTIONS = (
    (
        "Ines Okafor <ines.okafor@brightfield.example>",
        "Lot numbers on labels",
        "Hello,\n\nwe print labels on the line and would like the lot number in another barcode. Can Process do that, "
        "or do we need Warehouse for it?\n\nThanks\nInes Okafor\nBrightfield Coatings",
    ),
    (
        "Marek Nowak <m.nowak@nowak-gears.example>",
        "Moving from two plants to three",
        "Hi,\n\nwe open a third plant in Lublin in March. Is a plant an installation of its own, or does our license "
        "cover it?\n\nMarek",
    ),
    (
        "Ruth Delgado <ruth@delgadovalve.example>",
        "Re: your visit on Thursday",
        "Good morning,\n\nThursday at ten works for us. Please bring the sheet about traceability.\n\nRuth\n\n"
        "On Mon, your sales team wrote:\n> Would Thursday or Friday suit you better?\n> We need the morning.",
    ),
)
_SPAM = "We can bring your website to page one of every search engine. Reply today for a free audit."
_BOUNCE = (
    "This is the mail system at host mx.delgadovalve.example.\n\nI'm sorry to have to inform you that your message "
    "could not be delivered.\n\n<purchasing@delgadovalve.example>:\n"
    "host mx.delgadovalve.example said: 550 5.1.1 User unknown\n"
)


def seed(now: datetime) -> None:
    """The mails kept, as if they came in the last days; the jobs read them as any other."""
    for hours, mail in enumerate(_write_all(now), start=2):
        intake.keep(mail, way="form", at_utc=now - timedelta(hours=5 * hours))


def _write_all(now: datetime) -> Iterator[bytes]:
    private = in_force.policy().privacy_email
    box = f"hello@{private.partition('@')[2]}"
    for sender, subject, text in _QUESTIONS:
        yield _write(sender, box, subject, text, now)
    broken = "After the update to 12.4 the label printer prints every second label twice.\n\nTomas Berg"
    yield _write("Tomas Berg <tomas@bergplast.example>", site().brand.support_email, "Labels twice", broken, now)
    passed = (
        "Can someone take this?\n\n---------- Forwarded message ---------\n"
        "From: Aiko Mori <aiko.mori@moriseal.example>\nSubject: Training\n\n"
        "Do you train new planners on site, and what does a day cost?\n\nAiko Mori"
    )
    yield _write(f"Sofia Marin <sofia@{private.partition('@')[2]}>", box, "Fwd: Training", passed, now)
    asked = "Please tell me what you know about me, and since when.\n\nHanna Lindqvist"
    yield _write("Hanna Lindqvist <hanna.l@postbox.example>", private, "My data", asked, now)
    late = "Sorry for the delay: yes, we still want the offer, for 40 users."
    yield _write("Owen Price <owen.price@pricefoods.example>", returns.reply_address(new_id()), "Re: Quote", late, now)
    yield _write("Mail Delivery System <MAILER-DAEMON@mx.delgadovalve.example>", box, "Undelivered mail", _BOUNCE, now)
    away = "I'm out of the office until Monday and read my email then.\n\nTom Rezek"
    yield b"Auto-Submitted: auto-replied\r\n" + _write("Tom Rezek <t.rezek@halden.example>", box, "Away", away, now)
    yield b"X-Spam-Flag: YES\r\n" + _write("Rank Higher <win@rank-higher.example>", box, "Page one", _SPAM, now)
    yield _nest(_write("Nobody <n@nowhere.example>", box, "Open me", "", now))


def _write(sender: str, to: str, subject: str, text: str, now: datetime) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = sender, to, subject, format_datetime(now)
    mail["Message-ID"] = f"<{new_id()}@demo.example>"
    mail.set_content(text)
    return mail.as_bytes()


def _nest(mail: bytes) -> bytes:
    """A mail in a mail in a mail, two thousand times: made so that programs fail on it."""
    head = mail.partition(b"Content-Type")[0]
    return head + b"Content-Type: message/rfc822\r\n\r\n" * 2_000
