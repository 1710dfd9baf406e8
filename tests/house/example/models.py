"""What somebody asked for, never who asks."""

from typing import ClassVar

from django.db import models


class Plea(models.Model):
    """One request for support."""

    holds = "person"
    objects: ClassVar["models.Manager[Plea]"]

    id = models.UUIDField(primary_key=True)
    number = models.TextField(unique=True)
    person_id = models.UUIDField()
    state = models.TextField(default="received")
    product = models.TextField(default="")
    received_utc = models.DateTimeField()
    due_utc = models.DateTimeField()
    answered_utc = models.DateTimeField(null=True)
    answered_by = models.TextField(default="")

    class Meta:
        app_label = "example"
        managed = False
        db_table = "plea"
