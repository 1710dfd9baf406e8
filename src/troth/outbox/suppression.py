"""Addresses that we write to no more: nobody reads mail there, its reader complained, or a member of staff said so.

An address is kept as the keyed hash by which it is found in what we hold, so nobody can read it here, and the row
outlives an erasure: who asked to be forgotten is not written to because we forgot that. Email about the security of an
account still goes, and so does the question to confirm it, but to nobody who complained. An address that is
confirmed again starts fresh: opening a link does not confirm it.

A full or closed mailbox may open again: only three emails that came back within 30 days suppress its address.
"""

from datetime import datetime, timedelta
from typing import ClassVar, Literal
from uuid import UUID

from django.db import models, transaction

from troth import gate, queue
from troth.security import acts

SUPPRESSED = "suppressed"
"""Why an email is refused whose address is suppressed."""
LIFTED = "suppression lifted"
"""What the activity log calls it."""
Why = Literal["bounce", "complaint", "staff"]
MOST_SOFT, SOFT_WITHIN = 3, timedelta(days=30)


class Suppression(models.Model):
    """One address that we write to no more. Its mark finds the address only for who has it already, and the key."""

    holds = "nothing personal"

    mark = models.BinaryField(primary_key=True, help_text="Keyed hash of the address.")
    why = models.TextField(help_text="bounce, complaint or staff.")
    since_utc = models.DateTimeField()
    evidence = models.UUIDField(null=True, help_text="The email, or the mail that came in, from which we know it.")

    class Meta:
        db_table = "suppression"


class SoftBounce(models.Model):
    """One email that came back though its address may be right. Gone when it no longer counts."""

    holds = "nothing personal"

    email = models.UUIDField(primary_key=True)
    mark = models.BinaryField(help_text="Keyed hash of the address.")
    at_utc = models.DateTimeField()

    class Meta:
        db_table = "soft_bounce"
        indexes: ClassVar = [models.Index(fields=["mark", "at_utc"], name="soft_bounce_by_address")]


def count_soft(address: str, *, email: UUID, evidence: UUID, at_utc: datetime) -> bool:
    """Whether the address is suppressed now. An email counts once, however often it came back."""
    mark = gate.address_index(address)
    SoftBounce.objects.filter(at_utc__lte=at_utc - SOFT_WITHIN).delete()
    SoftBounce.objects.get_or_create(email=email, defaults={"mark": mark, "at_utc": at_utc})
    if SoftBounce.objects.filter(mark=mark).count() < MOST_SOFT:
        return False
    suppress(address, why="bounce", evidence=evidence)
    return True


def suppress(address: str, *, why: Why, evidence: UUID | None = None) -> None:
    """No email but security's goes there from now on. What was known before stays: a complaint is no mere bounce."""
    Suppression.objects.get_or_create(
        mark=gate.address_index(address), defaults={"why": why, "since_utc": queue.now(), "evidence": evidence}
    )
    if why == "complaint":
        Suppression.objects.filter(mark=gate.address_index(address), why="bounce").update(why=why, evidence=evidence)


def find_suppression(address: str) -> Suppression | None:
    return Suppression.objects.filter(mark=gate.address_index(address)).first()


def find_by_mark(mark: bytes) -> Suppression | None:
    return Suppression.objects.filter(mark=mark).first()


def is_suppressed(address: str) -> bool:
    return find_suppression(address) is not None


def lift_known_from(evidence: UUID) -> None:
    """What we know from this bounce alone is forgotten."""
    Suppression.objects.filter(evidence=evidence, why="bounce").delete()


def find_known_from(evidence: UUID) -> Suppression | None:
    """What we know from this email or mail; nothing once it is lifted."""
    return Suppression.objects.filter(evidence=evidence).first()


def unblock(mark: bytes, *, who: str, reason: str, at_utc: datetime) -> bool:
    """Whether the address was suppressed: emails may go there again, as staff decided for the reason recorded.

    Takes   reason: names nobody, for it is kept in the activity log."""
    with transaction.atomic():
        lifted = _forget(mark)
        if lifted:
            acts.record(who, LIFTED, about="address", at_utc=at_utc, words=reason)
    return lifted


def lift(address: str) -> bool:
    """Whether it was suppressed: emails may go there again."""
    return _forget(gate.address_index(address))


def _forget(mark: bytes) -> bool:
    SoftBounce.objects.filter(mark=mark).delete()
    return bool(Suppression.objects.filter(mark=mark).delete()[0])
