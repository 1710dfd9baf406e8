"""Tables of retention and legal holds. Only `records/sql/standing.sql` and `holds.sql` write them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from troth.records.models import Person


class LegalHold(models.Model):
    """Whose data one case keeps from being deleted. In force while `until_utc` is empty."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    case_id = models.UUIDField()
    person = models.ForeignKey(Person, models.RESTRICT, db_index=False)
    kinds = ArrayField(models.TextField(), help_text="Which kinds of data; all where none is named.")
    since_utc = models.DateTimeField()
    until_utc = models.DateTimeField(null=True)
    secret_until_utc = models.DateTimeField(null=True, help_text="An order forbids telling the person before.")
    told_utc = models.DateTimeField(null=True, help_text="When their history said that it began.")
    end_told_utc = models.DateTimeField(null=True, help_text="When their history said that it ended.")

    class Meta:
        db_table = "legal_hold"
        constraints = [models.UniqueConstraint(fields=["case_id", "person"], name="legal_hold_once")]
        indexes = [
            models.Index(fields=["person"], name="legal_hold_in_force", condition=models.Q(until_utc=None)),
            models.Index(fields=["secret_until_utc"], name="legal_hold_untold", condition=models.Q(end_told_utc=None)),
        ]


class HeldErasure(models.Model):
    """Someone who was to be erased while a hold covers them, by which request and with which kinds that a law keeps."""

    holds = "person"

    person = models.OneToOneField(Person, models.RESTRICT, primary_key=True)
    case_id = models.UUIDField(null=True)
    kept = ArrayField(models.TextField())
    who = models.TextField()
    reason = models.TextField()
    asked_utc = models.DateTimeField()

    class Meta:
        db_table = "held_erasure"


class RetentionDay(models.Model):
    """How many people's data of a kind was deleted on a day because its time was over."""

    pk = models.CompositePrimaryKey("day", "kind")
    day = models.DateField()
    kind = models.TextField()
    people = models.BigIntegerField()

    class Meta:
        db_table = "retention_day"
