"""Messages about a request. Their words are data of the person: a row names the datum that has them."""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from troth.cases.models import Case


class CaseMessage(models.Model):
    """One message about a request. It carries ids and times, never a word of it."""

    holds = "person"

    WAYS = ("form", "page", "email", "phone", "visit", "post", "console")

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.RESTRICT, related_name="messages", db_index=False)
    at_utc = models.DateTimeField()
    who = models.TextField(help_text="As in the ledger: person, or staff:<user name>.")
    way = models.TextField(choices=[(way, way) for way in WAYS])
    words = models.UUIDField(null=True, help_text="The datum that has them; without one they are gone.")
    files = models.UUIDField(null=True, help_text="The datum that names what was attached.")
    leaves_utc = models.DateTimeField(null=True, help_text="Of an answer: until then it can be undone.")
    proven = models.BooleanField(
        default=True, db_default=True, help_text="Of an email: whether its sender is verified to have the address."
    )
    first = models.ForeignKey(
        Case, models.RESTRICT, null=True, related_name="+", help_text="The request that it came with, of a merged one."
    )

    class Meta:
        db_table = "case_message"
        ordering = ["at_utc", "id"]
        indexes = [
            models.Index(fields=["case", "at_utc"], name="message_by_case"),
            # A search asks for the requests of thousands of messages: without it, the planner reads all messages.
            models.Index(fields=["id"], include=["case"], name="message_in_case"),
        ]

    @property
    def person(self) -> UUID:
        """Whose message it is: of the person who made the request that it came with."""
        return (self.first or self.case).asker

    @property
    def by_staff(self) -> bool:
        """Whether it is ours, of a member of staff or of this program."""
        return self.who != "person"


class MessageCopy(models.Model):
    """Someone else who got an email about a request, by its writer or the staff who answered, or wrote one they added.

    Name and address are sealed by the key of the person who asked, and go with their data."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    message = models.ForeignKey(CaseMessage, models.CASCADE, related_name="copies")
    sealed = models.BinaryField(help_text="Name and address.")

    class Meta:
        db_table = "message_copy"


class ReplyDraft(models.Model):
    """What a member of staff is writing about a request: sealed, and gone when it is sent or the request ends."""

    holds = "person"

    pk = models.CompositePrimaryKey("case_id", "who")
    case = models.ForeignKey(Case, models.RESTRICT, related_name="drafts", db_index=False)
    who = models.TextField()
    words = models.BinaryField(help_text="Encrypted for this request and this member of staff.")
    saved_utc = models.DateTimeField()

    class Meta:
        db_table = "reply_draft"


class WordMark(models.Model):
    """Which words a message has, as keyed hashes: equal words are found, and no word can be read from them."""

    holds = "person"

    message = models.OneToOneField(CaseMessage, models.CASCADE, primary_key=True, related_name="marked")
    marks = ArrayField(models.IntegerField())

    class Meta:
        db_table = "word_mark"
        indexes = [GinIndex(fields=["marks"], name="word_mark_by_word")]
