"""Emails that are written in the transaction of their fact, because their person or address is gone by delivery.

A finished email is sealed under a key of its own. Row and key are destroyed when the mail server has taken it over, or
when it is given up: what an erasure deletes does not live on in the outbox.
"""

from email import message_from_bytes
from email.message import EmailMessage

from django.db import models

from troth.outbox import writing
from troth.outbox.models import QueuedEmail
from troth.seal import vault

_KIND = "letter"  # is in what is sealed: an email of a former release must still open


class FinishedEmail(models.Model):
    """The sealed text of one email until it has left."""

    holds = "person"

    email = models.OneToOneField(QueuedEmail, models.CASCADE, primary_key=True, db_column="letter_id")
    wrapped = models.BinaryField(help_text="Its own key, wrapped by the master key.")
    sealed = models.BinaryField()

    class Meta:
        db_table = "finished_letter"


def keep(email: QueuedEmail, message: EmailMessage) -> None:
    """The email sealed, in the caller's transaction."""
    wrapped = vault().new_wrapped_key(email.id)
    text = message.as_bytes().decode("latin-1")
    FinishedEmail.objects.create(email=email, wrapped=wrapped, sealed=vault().seal(wrapped, email.id, _KIND, text))


def unseal(email: QueuedEmail) -> EmailMessage:
    """The email as it was written."""
    kept = FinishedEmail.objects.get(pk=email.id)
    text = vault().open(bytes(kept.wrapped), email.id, _KIND, bytes(kept.sealed))
    return message_from_bytes(text.encode("latin-1"), policy=writing.POLICY)


def destroy(email: QueuedEmail) -> None:
    """Deletes the email's text, so that nobody can read it any more."""
    FinishedEmail.objects.filter(pk=email.id).delete()
