from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.access.account import actions
from troth.security.models import User
from troth.security.proofs import Proof


@queue.task("account.greet", _("Send an email to confirm an address"), queue="emails")
def greet(proof: str) -> None:
    """For jobs of older releases: today the email is queued with its cause."""
    if made := Proof.objects.filter(pk=proof).first():
        actions.greet(made.person_id, made.id, made.what)


@queue.task("account.sign up", _("Store a sign-up and send the email that confirms it"), queue="emails")
def store_sign_up(form: str, proof: str, hidden: str) -> None:
    """Store what a sign-up form asked, and write to its address."""
    actions.sign_up(form, UUID(proof), bytes.fromhex(hidden), at_utc=queue.now())


@queue.task("account.forgotten", _("Send a password reset email"), queue="emails")
def write_to_owner(proof: str, sealed: str) -> None:
    """Write to the owner of a sealed address, if it has one."""
    actions.offer_reset(UUID(proof), bytes.fromhex(sealed), at_utc=datetime.now(UTC))


@queue.task("account.tell", _("Send an email about account activity"), queue="emails")
def tell(user: int, what: str, letter: str, request: str) -> None:
    """For jobs of older releases: today the email is queued with its cause."""
    actions.tell(User.objects.get(pk=user), what, cause=UUID(request or letter))


@queue.task("account.tidy", _("End old sessions, emailed links and known devices"), every="20 * * * *", ends=True)
def tidy(timestamp: int) -> None:
    """Delete ended sessions, used or expired secrets, and devices not seen for a year."""
    actions.tidy(at_utc=datetime.now(UTC))
