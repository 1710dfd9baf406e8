from datetime import timedelta

from django.db import models
from django.utils.functional import cached_property

from troth.outbox import facts as typed
from troth.outbox.facts import EmailFacts

PERSON = "person"
FAREWELL = "farewell"
"""To the person, at an address that is forgotten by the time the email leaves: it was written when it was posted."""


PATIENCE = timedelta(days=2)
"""How long an email waits for a mail server. RFC 5321, 4.5.4.1 lets relays wait for days; our readers wait for us."""


class QueuedEmail(models.Model):
    """One email to one reader. `facts` holds ids and facts that concern nobody; values are filled in at delivery."""

    holds = "person"

    class State(models.TextChoices):
        PLANNED = "planned", "to be sent when its time comes, or again after a refusal that may pass"
        CLAIMED = "claimed", "being sent"
        SENT = "sent", "the mail server has it"
        FAILED = "failed", "the mail server refused it, or it waited too long"
        HELD = "held", "something is wrong that staff can set right and then release"
        REFUSED = "refused", "the policy, a choice or a suppressed address does not let it leave"
        UNKNOWN = "unknown", "it may have left: whoever sent it died before writing that down"

    ON_ITS_WAY = (State.PLANNED, State.CLAIMED)

    id = models.UUIDField(primary_key=True)
    # Not checked by the database, which would lock the row of each reader of an email to many: no person is deleted.
    person = models.ForeignKey("troth.Person", models.RESTRICT, db_constraint=False)
    permit = models.UUIDField(null=True, help_text="The grant or disclosure that lets it leave.")
    purpose = models.TextField()
    topic = models.TextField(default="", db_default="", help_text="Of the purpose; a no to it holds the email back.")
    template = models.TextField(help_text="Room and name, e.g. quotes/receipt.")
    kinds = models.JSONField(help_text="Kinds that may stand in it.")
    facts = models.JSONField(default=dict)
    to = models.TextField(help_text='"person" or the recipient\'s class and key.')
    to_name = models.TextField(default="")
    to_sealed_address = models.BinaryField(null=True, help_text="Of recipients other than the person.")
    request = models.UUIDField(null=True)
    state = models.TextField(choices=State.choices, default=State.PLANNED)
    lane = models.TextField(default="service", db_default="service", help_text="What it shares connections with.")
    why = models.TextField(default="", help_text="The law's code if refused, the mail server's if waiting or failed.")
    fault = models.TextField(default="", db_default="", help_text="Whose fault it is that it waits or failed: a code.")
    domain = models.TextField(default="", db_default="", help_text="Where it goes, once known; empty when sent.")
    batch = models.UUIDField(null=True, help_text="What it was planned for with others, such as an issue.")
    complained = models.BooleanField(default=False, db_default=False, help_text="Its reader called it spam.")
    reply_to = models.TextField(default="", db_default="", help_text="The signed address of a thread, if it has one.")
    attempts = models.IntegerField(default=0)
    queued_utc = models.DateTimeField()
    claimed_utc = models.DateTimeField(null=True)
    begun_utc = models.DateTimeField(null=True, help_text="When it was about to go over the line.")
    useful_until_utc = models.DateTimeField(null=True, help_text="Later than that it is held instead.")
    waiting_since_utc = models.DateTimeField(null=True, help_text="When the mail server first said: later.")
    next_try_utc = models.DateTimeField(null=True)
    sent_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "letter"
        indexes = [
            models.Index(
                fields=["state", "queued_utc"],
                condition=~models.Q(state__in=["planned", "sent"]),
                name="letter_stopped",
            ),
            models.Index(fields=["lane", "next_try_utc"], condition=models.Q(state="planned"), name="letter_due"),
            models.Index(fields=["batch", "state"], condition=models.Q(batch__isnull=False), name="letter_of_a_batch"),
        ]
        constraints = [
            # Of those planned together the id says it: it is made of what they are about and their reader.
            models.UniqueConstraint(
                fields=["request", "template", "to"],
                condition=models.Q(batch__isnull=True),
                name="letter_once_a_request",
            ),
        ]

    @cached_property
    def carries(self) -> EmailFacts:
        """The secrets that it carries, and what its link opens."""
        return typed.read(self.facts)

    @property
    def is_waiting(self) -> bool:
        """Whether the mail server said: later."""
        return self.state == self.State.PLANNED and self.waiting_since_utc is not None

    @property
    def is_destroyed(self) -> bool:
        """Whether it was a last email that was given up: nobody can read it, so nobody can resend it."""
        return self.to == FAREWELL and self.state == self.State.FAILED


class EmailBatch(models.Model):
    """One email to many people, under the id of what it is about, such as an issue of a newsletter."""

    holds = "nothing personal"

    id = models.UUIDField(primary_key=True)
    template = models.TextField(help_text="Room and name of the email.")
    begun_utc = models.DateTimeField()
    planned_utc = models.DateTimeField(null=True, help_text="When everybody was planned.")
    ended_utc = models.DateTimeField(null=True, help_text="When the last email had left.")
    stopped = models.TextField(default="", help_text="Why its rest is held: a code.")
    refused_before = models.IntegerField(default=0, help_text="Refusals when it was resumed.")
    complaints_before = models.IntegerField(default=0, help_text="Complaints when it was resumed.")
    pace = models.IntegerField(default=0, db_default=0, help_text="Emails an hour; 0: as fast as they leave.")

    class Meta:
        db_table = "email_batch"


class LanePause(models.Model):
    """Until when a lane sends nothing: at all, because our mail server refuses us, or to one domain that is busy."""

    holds = "nothing personal"

    id = models.UUIDField(primary_key=True)
    lane = models.TextField()
    domain = models.TextField(default="", help_text="Empty: everywhere.")
    why = models.TextField(help_text="The mail server's code.")
    since_utc = models.DateTimeField()
    until_utc = models.DateTimeField(help_text="Then one email tries.")

    class Meta:
        db_table = "lane_pause"
        constraints = [models.UniqueConstraint(fields=["lane", "domain"], name="lane_pause_once")]


class MailHold(models.Model):
    """Why no email leaves, and since when, until someone releases it. Only functions of the owner write it."""

    holds = "nothing personal"

    id = models.UUIDField(primary_key=True)
    since_utc = models.DateTimeField()
    why = models.TextField()
    released_utc = models.DateTimeField(null=True)
    released_by = models.TextField(default="")

    class Meta:
        db_table = "mail_hold"

    @classmethod
    def current(cls) -> "MailHold | None":
        """Why all email is held now; None if it isn't."""
        return cls.objects.filter(released_utc=None).order_by("since_utc").first()
