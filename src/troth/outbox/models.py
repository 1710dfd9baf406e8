from django.db import models


class Letter(models.Model):
    """One letter to one reader. `facts` holds ids and facts that concern nobody; values are filled in at delivery."""

    holds = "person"

    class State(models.TextChoices):
        QUEUED = "queued"
        CLAIMED = "claimed"
        SENT = "sent"
        HELD = "held"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey("troth.Person", models.RESTRICT)
    permit = models.UUIDField(help_text="The grant or disclosure, an entry in the ledger, that lets it be written.")
    purpose = models.TextField()
    template = models.TextField(help_text="Room and name, e.g. quotes/receipt.")
    kinds = models.JSONField(help_text="Kinds that may stand in it.")
    facts = models.JSONField(default=dict)
    to = models.TextField(help_text='"person" or the recipient\'s class and key.')
    to_name = models.TextField(default="")
    to_sealed_address = models.BinaryField(null=True, help_text="Of recipients other than the person.")
    request = models.UUIDField(null=True)
    state = models.TextField(choices=State.choices, default=State.QUEUED)
    why = models.TextField(default="", help_text="The law's code if held, the transport's words if failed.")
    attempts = models.IntegerField(default=0)
    queued_utc = models.DateTimeField()
    claimed_utc = models.DateTimeField(null=True)
    sent_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "letter"
        indexes = [models.Index(fields=["state", "queued_utc"], name="letter_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["request", "template", "to"], name="letter_once_a_request"),
        ]


class MailHold(models.Model):
    """Why no letter leaves, and since when; until somebody releases it. The owner alone writes it."""

    holds = "nothing personal"

    id = models.UUIDField(primary_key=True)
    since_utc = models.DateTimeField()
    why = models.TextField()
    released_utc = models.DateTimeField(null=True)
    released_by = models.TextField(default="")

    class Meta:
        db_table = "mail_hold"
