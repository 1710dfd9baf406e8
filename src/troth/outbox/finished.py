"""Letters that are written in the transaction of their fact, because their person or address is gone by delivery.

A finished letter is sealed under a key of its own. Row and key are destroyed when the mail server has taken it over, or
when it is given up: what an erasure deletes does not live on in the outbox.
"""

from email import message_from_bytes
from email.message import EmailMessage

from django.db import models

from troth.outbox import writing
from troth.outbox.models import Letter
from troth.seal import vault

_KIND = "letter"


class FinishedLetter(models.Model):
    """The sealed text of one letter until it has left."""

    holds = "person"

    letter = models.OneToOneField(Letter, models.CASCADE, primary_key=True, related_name="finished")
    wrapped = models.BinaryField(help_text="Its own key, wrapped by the master key.")
    sealed = models.BinaryField()

    class Meta:
        db_table = "finished_letter"


def keep(letter: Letter, message: EmailMessage) -> None:
    """The letter sealed, in the caller's transaction."""
    wrapped = vault().new_wrapped_key(letter.id)
    text = message.as_bytes().decode("latin-1")
    FinishedLetter.objects.create(letter=letter, wrapped=wrapped, sealed=vault().seal(wrapped, letter.id, _KIND, text))


def unseal(letter: Letter) -> EmailMessage:
    """The letter as it was written."""
    kept = FinishedLetter.objects.get(pk=letter.id)
    text = vault().open(bytes(kept.wrapped), letter.id, _KIND, bytes(kept.sealed))
    return message_from_bytes(text.encode("latin-1"), policy=writing.POLICY)


def destroy(letter: Letter) -> None:
    """Nobody can read the letter any more."""
    FinishedLetter.objects.filter(pk=letter.id).delete()
