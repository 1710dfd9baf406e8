"""Mailed secrets, each good for one act, once, and for a short time: whoever shows one reads mail at the address.

    confirm   makes the account, together with the password that was chosen    24 hours
    reset     sets a new password; a second factor is asked for all the same   10 minutes
    address   puts a new address in the place of the old one                   24 hours

As with private links, the secret is derived from the id by the master key: a letter carries it, no table stores it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models

from troth.seal import token_hash, vault
from troth.security.models import User

CONFIRM, RESET, ADDRESS = "confirm", "reset", "address"
LASTING = {CONFIRM: timedelta(hours=24), RESET: timedelta(minutes=10), ADDRESS: timedelta(hours=24)}


class Proof(models.Model):
    """One mailed secret: for whom, for what, until when."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey("troth.Person", models.RESTRICT, help_text="To whose address it was mailed.")
    user = models.ForeignKey(User, models.CASCADE, null=True)
    what = models.TextField(choices=[(what, what) for what in LASTING])
    digest = models.BinaryField(unique=True)
    password = models.TextField(default="", help_text="The hash of what was chosen, until the account is made.")
    expires_utc = models.DateTimeField()
    spent_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "proof"


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
            "expires_utc": at_utc + LASTING[what],
        },
    )
    return made


def address(proof: Proof) -> str:
    """The path that the letter carries."""
    return f"/account/{proof.what}/{_token(proof.id, proof.what)}/"


def find(secret: str, *, what: str, at_utc: datetime) -> Proof | None:
    """The living proof of a secret, or nothing: unknown, spent and expired look the same."""
    if not 20 <= len(secret) <= 64:
        return None
    return Proof.objects.filter(
        digest=token_hash(secret), what=what, spent_utc__isnull=True, expires_utc__gt=at_utc
    ).first()


def spend(proof: Proof, *, at_utc: datetime) -> bool:
    """True for the first who spends it. What was chosen with it is forgotten."""
    return bool(Proof.objects.filter(pk=proof.pk, spent_utc__isnull=True).update(spent_utc=at_utc, password=""))


def _token(proof: UUID, what: str) -> str:
    return vault().token(f"{what} account", proof)
