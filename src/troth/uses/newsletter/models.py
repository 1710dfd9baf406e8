"""Sign-ups and how often addresses were asked. Whether someone gets a topic is what their choices say."""

from django.db import models


class SignUp(models.Model):
    """Someone asked for a topic, and maybe confirmed it with the link that we emailed."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    number = models.TextField()
    person = models.ForeignKey("troth.Person", models.RESTRICT)
    topic = models.TextField(default="", help_text="Of the newsletter purpose; empty for the purpose as a whole.")
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
