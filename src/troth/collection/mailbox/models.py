"""What came in, and how far each folder of the mail server was read. The mails themselves lie in the store of files."""

from typing import ClassVar

from django.db import models


class KeptMail(models.Model):
    """One mail as it came. Nothing of its content is here: `key` opens its file."""

    holds = "person"

    NEW, DONE, DESK = "new", "done", "desk"
    QUARANTINED, DISCARDED, ASIDE = "quarantined", "discarded", "aside"
    STATES: ClassVar = [(state, state) for state in (NEW, DONE, DESK, QUARANTINED, DISCARDED, ASIDE)]
    WORK: ClassVar = (DESK, QUARANTINED)
    """States in which someone has to look at it."""

    id = models.UUIDField(primary_key=True)
    digest = models.BinaryField(unique=True, help_text="Keyed hash of Message-ID and body: the same mail comes once.")
    way = models.TextField(help_text="imap, lmtp or form.")
    received_utc = models.DateTimeField()
    size = models.BigIntegerField()
    key = models.BinaryField(help_text="The file's key, sealed by the master key, or the person's once it is theirs.")
    state = models.TextField(choices=STATES, default=NEW)
    kind = models.TextField(default="", help_text="reply, new, bounce, complaint, automatic, list, own or spam.")
    why = models.TextField(default="", help_text="Why someone has to look at it: a code.")
    tries = models.IntegerField(default=0)
    settled_utc = models.DateTimeField(null=True)
    person = models.ForeignKey("troth.Person", models.RESTRICT, null=True, related_name="+")
    request = models.UUIDField(null=True, help_text="The request that it became or belongs to.")
    room = models.TextField(default="", help_text="Which room took it.")
    about = models.UUIDField(null=True, help_text="Of a bounce or a complaint: our email.")
    sender = models.BinaryField(null=True, help_text="Index of whose address it names, while it is nobody's.")

    class Meta:
        db_table = "kept_mail"
        indexes: ClassVar = [
            models.Index(fields=["state", "received_utc"], name="kept_mail_by_state"),
            models.Index(fields=["sender"], name="kept_mail_by_sender", condition=models.Q(person=None)),
        ]


class MailFolder(models.Model):
    """How far one folder was read: UIDs up to `last` of this UIDVALIDITY are kept. `problem`: a code while it fails."""

    holds = "nothing personal"

    name = models.TextField(primary_key=True, help_text="Server, user and folder, hashed; or lmtp.")
    validity = models.BigIntegerField(default=0)
    last = models.BigIntegerField(default=0)
    looked_utc = models.DateTimeField(null=True, help_text="When it was last reached.")
    problem = models.TextField(default="")

    class Meta:
        db_table = "mail_folder"
