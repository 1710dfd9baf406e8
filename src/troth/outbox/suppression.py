"""Addresses that we write to no more: nobody reads mail there, its reader complained, or a member of staff said so.

An address is kept as the keyed hash by which it is found in what we hold, so nobody can read it here, and the row
outlives an erasure: who asked to be forgotten is not written to because we forgot that. Email about the security of an
account still goes. An address that is confirmed again starts fresh.
"""

from typing import Literal
from uuid import UUID

from django.db import models
from django.utils import timezone

from troth import gate

SUPPRESSED = "suppressed"
"""Why an email is refused whose address is suppressed."""
LIFTED = "suppression lifted"
"""What the activity log calls it."""
Why = Literal["bounce", "complaint", "staff"]


class Suppression(models.Model):
    """One address that we write to no more. Its mark finds the address only for who has it already, and the key."""

    holds = "nothing personal"

    mark = models.BinaryField(primary_key=True, help_text="Keyed hash of the address.")
    why = models.TextField(help_text="bounce, complaint or staff.")
    since_utc = models.DateTimeField()
    evidence = models.UUIDField(null=True, help_text="The email, or the mail that came in, from which we know it.")

    class Meta:
        db_table = "suppression"


def suppress(address: str, *, why: Why, evidence: UUID | None = None) -> None:
    """No email but security's goes there from now on. What was known before stays: a complaint is no mere bounce."""
    Suppression.objects.get_or_create(
        mark=gate.address_index(address), defaults={"why": why, "since_utc": timezone.now(), "evidence": evidence}
    )
    if why == "complaint":
        Suppression.objects.filter(mark=gate.address_index(address), why="bounce").update(why=why, evidence=evidence)


def find_suppression(address: str) -> Suppression | None:
    return Suppression.objects.filter(mark=gate.address_index(address)).first()


def is_suppressed(address: str) -> bool:
    return find_suppression(address) is not None


def lift_known_from(evidence: UUID) -> None:
    """What we know from this bounce alone is forgotten."""
    Suppression.objects.filter(evidence=evidence, why="bounce").delete()


def lift(address: str) -> bool:
    """Whether it was suppressed: emails may go there again."""
    gone, _by_table = Suppression.objects.filter(mark=gate.address_index(address)).delete()
    return bool(gone)
