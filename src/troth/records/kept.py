"""The tables of until when data are kept. `records/sql/times.sql` reads and writes them; nobody else does."""

from django.db import models

from troth.records.models import Person, PolicyVersion


class EventTime(models.Model):
    """When something happened from which data are kept so long, as the policy's `after` names it. Without a moment it
    goes on: an open request, an account, a license. Written by the functions of records/sql/times.sql only."""

    holds = "person"

    pk = models.CompositePrimaryKey("person_id", "event", "object")
    person = models.ForeignKey(Person, models.RESTRICT, db_index=False)
    event = models.TextField(help_text="request, last contact, account or license period; collection is in the datum.")
    object = models.UUIDField(
        help_text="The request, the account's own person, the license; of a contact, she herself."
    )
    at_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "event_time"


class LawKept(models.Model):
    """How long an adopted version keeps a kind, after what. A kind that a later version drops keeps its last time."""

    holds = "nothing personal"

    pk = models.CompositePrimaryKey("kind", "version_id")
    kind = models.TextField()
    version = models.ForeignKey(PolicyVersion, models.RESTRICT, db_index=False)
    number = models.IntegerField()
    unit = models.TextField()
    after = models.TextField()

    class Meta:
        db_table = "law_kept"
