"""Its table: about which product somebody asked, never who asks."""

from django.db import models


class Plea(models.Model):
    """What a request for support is about."""

    holds = "person"

    case_id = models.UUIDField(primary_key=True)
    person_id = models.UUIDField(db_index=True)
    product = models.TextField()

    objects: "models.Manager[Plea]" = models.Manager()

    class Meta:
        app_label = "example"  # a room under src/troth says "troth" by standing there
        db_table = "plea"
