"""What all emailed secrets have in common: found by their hash, and valid until they expire or end.

use        one act was done with it                    closed     the account was closed
newer      a newer email of the same kind was asked    erased     nothing of the person is held any more
password   the account has a new password              over       its time has passed
canceled   the person canceled what it was for
address    the account has a new address
"""

from datetime import datetime
from typing import TypeVar

from django.db import models

from troth.queries import PreparedQuery
from troth.seal import token_hash

USE, NEWER, PASSWORD, ADDRESS, CLOSED, ERASED = "use", "newer", "password", "address", "closed", "erased"
OVER, CANCELED = "over", "canceled"


class MailedSecret(models.Model):
    """One emailed secret. No table stores it, only its hash."""

    digest = models.BinaryField(unique=True)
    expires_utc = models.DateTimeField()
    spent_utc = models.DateTimeField(null=True)
    spent_by = models.TextField(default="", db_default="", help_text="What ended it before its time.")

    class Meta:
        abstract = True

    def find_end(self, *, at_utc: datetime) -> str:
        """Why it is no longer valid, as one of the words above; empty while it is valid."""
        if self.spent_utc is not None:
            return self.spent_by or USE
        return "" if self.expires_utc > at_utc else OVER


Row = TypeVar("Row", bound=MailedSecret)


def by_secret(rows: PreparedQuery[Row], secret: str, **more: object) -> "Row | None":
    """The row of a secret, valid or ended; None if it was never one of our secrets.

    Takes   rows: those with the slot `digest`; more: what its other slots get"""
    return rows.first(digest=token_hash(secret), **more) if 20 <= len(secret) <= 64 else None
