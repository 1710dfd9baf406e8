"""A copy of what will be sent to many, for its author: it names nobody and asks for nobody's data."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from django.utils import timezone

from troth import gate, in_force
from troth.outbox import pictures, transport
from troth.outbox.models import MailHold
from troth.outbox.written import lay_out


class TrialHeld(Exception):
    """All email is held until someone releases it."""


def is_ours(address: str) -> bool:
    """Whether the address is one of our own domain: a trial goes nowhere else."""
    domain = in_force.policy().privacy_email.partition("@")[2]
    return address.count("@") == 1 and address.lower().endswith(f"@{domain.lower()}")


def send(*, to: str, subject: str, text: str, html: str) -> None:
    """Hands over the copy at once.   Raises  TrialHeld, transport.NotTaken."""
    if MailHold.current():
        raise TrialHeld
    id, policy = gate.new_id(), in_force.policy()
    user, _at, domain = policy.privacy_email.partition("@")
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = str(Address(policy.short_name, user, domain))
    mail["To"] = to
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = f"<{id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    pictures.attach(mail, pictures.read_shown(html))
    with transport.Lines() as lines:
        lines.hand_over(lay_out(mail), id)
