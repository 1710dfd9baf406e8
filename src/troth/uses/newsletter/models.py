"""Sign-ups, installations and what is written to many. Whether someone gets a topic is what their choices say."""

from typing import ClassVar

from django.db import models


class SignUp(models.Model):
    """Someone asked for a topic or notices about the policy, and maybe confirmed it with the link that we emailed."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    number = models.TextField()
    person = models.ForeignKey("troth.Person", models.RESTRICT)
    purpose = models.TextField(default="newsletter", db_default="newsletter")
    topic = models.TextField(default="", help_text="Of the purpose; empty for the purpose as a whole.")
    place = models.TextField(help_text="The form, or the page of choices.")
    version = models.IntegerField(help_text="Of the policy, when it was asked for.")
    address_key = models.BinaryField(db_index=True, help_text="Keyed hash: equal for equal addresses.")
    asked_utc = models.DateTimeField()
    mailed = models.BooleanField(default=False, help_text="Whether a confirmation went out for this one.")
    confirmed_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "newsletter_sign_up"


class ConfirmationCount(models.Model):
    """How often one address was asked to confirm one topic. The key is a keyed hash that finds nobody by itself."""

    holds = "nothing personal"

    key = models.BinaryField(primary_key=True)
    times = models.IntegerField(default=0)
    last_utc = models.DateTimeField()

    class Meta:
        db_table = "newsletter_confirmation_count"


class Installation(models.Model):
    """A product that someone uses or owns, by the form or entered by staff: whom notices about the product concern."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    number = models.TextField()
    person = models.ForeignKey("troth.Person", models.RESTRICT)
    product = models.TextField()
    release = models.TextField(default="", help_text="As it was given: numbers with dots.")
    maintained_until = models.DateField(null=True, help_text="Until when maintenance covers upgrades.")
    place = models.TextField(help_text="The form, or staff.entry.")
    version = models.IntegerField(help_text="Of the policy, when it was registered.")
    address_key = models.BinaryField(db_index=True, help_text="Keyed hash: equal for equal addresses.")
    registered_utc = models.DateTimeField()
    removed_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "newsletter_installation"
        indexes: ClassVar = [models.Index(fields=["product", "registered_utc"], name="installations_of_a_product")]


class LiveIssues(models.Manager["Issue"]):
    """Without drafts that were deleted and may still be brought back."""

    def get_queryset(self) -> "models.QuerySet[Issue]":
        return super().get_queryset().exclude(state=Issue.Stage.DELETED)


class Issue(models.Model):
    """One issue of a topic or notice about a product, from draft to report.

    After it is scheduled its text is that of its edition."""

    holds = "nothing personal"

    class Stage(models.TextChoices):
        DRAFT = "draft"
        REVIEW = "review"
        SCHEDULED = "scheduled"
        SENDING = "sending"
        STOPPED = "stopped"
        SENT = "sent"
        DELETED = "deleted"

    id = models.UUIDField(primary_key=True)
    purpose = models.TextField(default="newsletter")
    topic = models.TextField(help_text="Of the purpose; of a notice, the product.")
    language = models.TextField(default="en")
    slug = models.TextField(default="", db_index=True, help_text="Its address in the archive, once it is sent.")
    subject = models.TextField()
    text = models.TextField(help_text="Markdown with blocks.")
    edition = models.IntegerField(default=1)
    segment = models.JSONField(null=True, help_text="Which of the topic's readers; all without one.")
    state = models.TextField(choices=Stage.choices, default=Stage.DRAFT)
    covered = models.BooleanField(default=False, help_text="About an upgrade: only for those with maintenance.")
    saved_by = models.TextField(help_text="A member of staff.")
    saved_utc = models.DateTimeField()
    asked_by = models.TextField(default="", help_text="Who asked a second person to publish it.")
    approved_by = models.TextField(default="", help_text="The second person.")
    scheduled_utc = models.DateTimeField(null=True)
    pace = models.IntegerField(default=0, db_default=0, help_text="Emails an hour; 0: as fast as they leave.")
    begun_utc = models.DateTimeField(null=True)
    ended_utc = models.DateTimeField(null=True)
    why = models.TextField(default="", help_text="Why it was stopped: a code.")
    audience = models.IntegerField(default=0, help_text="Readers of the topic when it was sent.")
    figures = models.JSONField(null=True, help_text="The report, once it is final.")

    objects = LiveIssues()
    every: ClassVar["models.Manager[Issue]"] = models.Manager()

    class Meta:
        db_table = "newsletter_issue"


class IssueEdition(models.Model):
    """What an issue said when it was saved."""

    holds = "nothing personal"

    id = models.BigAutoField(primary_key=True)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="editions")
    edition = models.IntegerField()
    subject = models.TextField()
    text = models.TextField()
    saved_by = models.TextField(help_text="A member of staff.")
    saved_utc = models.DateTimeField()

    class Meta:
        db_table = "newsletter_edition"
        constraints: ClassVar = [models.UniqueConstraint(fields=["issue", "edition"], name="one_text_an_edition")]


class IssueRecipient(models.Model):
    """Someone who is sent an issue, once for each address. Deleted when the report is final."""

    holds = "person"

    id = models.BigAutoField(primary_key=True)
    issue = models.ForeignKey(Issue, models.CASCADE)
    person = models.ForeignKey("troth.Person", models.RESTRICT)
    address_key = models.BinaryField(help_text="Keyed hash: equal for equal addresses.")

    class Meta:
        db_table = "newsletter_recipient"
        constraints: ClassVar = [models.UniqueConstraint(fields=["issue", "address_key"], name="one_issue_an_address")]
