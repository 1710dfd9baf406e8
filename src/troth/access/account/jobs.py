from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.access.account import actions


@queue.task("account.greet", _("Send an email to confirm an address"), queue="letters")
def greet(proof: str) -> None:
    """Write to the address that somebody typed. A letter already queued is not queued again."""
    actions.greet(UUID(proof))


@queue.task("account.forgotten", _("Send a password reset email"), queue="letters")
def write_to_owner(proof: str, sealed: str) -> None:
    """Write to the owner of a sealed address, if it has one."""
    actions.offer_reset(UUID(proof), bytes.fromhex(sealed), at_utc=datetime.now(UTC))


@queue.task("account.tell", _("Send an email about account activity"), queue="letters")
def tell(user: int, what: str, letter: str, request: str) -> None:
    """Write to the owner what happened with the account."""
    actions.write(user, what, letter=UUID(letter), request=UUID(request) if request else None)


@queue.task("account.tidy", _("End old sessions, emailed links and known devices"), every="20 * * * *")
def tidy(timestamp: int) -> None:
    """Ended sessions, spent or old secrets and devices not seen for a year are deleted."""
    actions.tidy(at_utc=datetime.now(UTC))
