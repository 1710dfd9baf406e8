"""Emailed secrets, each valid for one action, once and briefly: they prove that someone reads the address.

    confirm   creates the account, together with the chosen password    24 hours
    reset     sets a new password; two-step verification is still needed       10 minutes, from sending
    address   replaces the old address with a new one                   24 hours
    newsletter  starts a topic; until the sign-up is deleted            as the policy promises

Like private links, the secret is derived from the id with the master key: the email has it, no table stores it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models

from troth.queries import PreparedQuery, Slot
from troth.seal import token_hash, vault
from troth.security.entrances import Entrance, address_of
from troth.security.mailed import CLOSED, MailedSecret, by_secret
from troth.security.models import User

CONFIRM, RESET, ADDRESS, NEWSLETTER = "confirm", "reset", "address", "newsletter"
LASTING = {
    CONFIRM: timedelta(hours=24),
    RESET: timedelta(minutes=10),
    ADDRESS: timedelta(hours=24),
    NEWSLETTER: timedelta(days=30),
}
MOST_WAITING = timedelta(hours=24)
"""How long an email may wait for the mail server without its secret expiring: nobody has read it by then."""


class Proof(MailedSecret):
    """One emailed secret: for whom, for what, until when."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey("troth.Person", models.RESTRICT, help_text="To whose address it was mailed.")
    user = models.ForeignKey(User, models.CASCADE, null=True)
    what = models.TextField(choices=[(what, what) for what in LASTING])
    password = models.TextField(default="", help_text="The hash of what was chosen, until the account is made.")

    class Meta:
        db_table = "proof"

    def find_end(self, *, at_utc: datetime) -> str:
        """As for every emailed secret; a closed account has no valid one."""
        ended = super().find_end(at_utc=at_utc)
        return ended or (CLOSED if self.user and not self.user.is_active else "")


def make(
    *, proof: UUID, person: UUID, what: str, user: User | None = None, password: str = "", at_utc: datetime
) -> Proof:
    """A new secret with the id `proof`, inside the caller's transaction; the same one if it was made before."""
    made, _new = Proof.objects.get_or_create(
        id=proof,
        defaults={
            "person_id": person,
            "user": user,
            "what": what,
            "digest": token_hash(_token(proof, what)),
            "password": password,
            "expires_utc": at_utc + max(MOST_WAITING, LASTING[what]),
        },
    )
    return made


def hand_over(proof: UUID, *, at_utc: datetime) -> bool:
    """Whether the email with the secret may be sent now; for a password reset, its minutes count from now.

    False if the secret has ended or expired: nobody should get an email with an invalid link."""
    found = Proof.objects.select_for_update(of=("self",)).filter(pk=proof).first()
    if found is None or found.find_end(at_utc=at_utc):
        return False
    if found.what == RESET:
        Proof.objects.filter(pk=proof).update(expires_utc=at_utc + LASTING[RESET])
    return True


def address(proof: Proof) -> str:
    """The path in the email."""
    entrance = Entrance.NEWSLETTER if proof.what == NEWSLETTER else Entrance.PROOF
    return address_of(entrance, what=proof.what, token=_token(proof.id, proof.what))


_BY_SECRET = PreparedQuery(
    lambda: Proof.objects.select_related("user").filter(digest=Slot("digest"), what=Slot("what"))
)


def find_named(secret: str, *, what: str) -> Proof | None:
    """The proof of a secret, valid or ended; None if it is unknown or for another action."""
    return by_secret(_BY_SECRET, secret, what=what)


def _token(proof: UUID, what: str) -> str:
    return vault().token(f"{what} account", proof)
