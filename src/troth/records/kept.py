"""Tables for retention periods. Only `records/sql/times.sql` reads and writes them."""

from django.db import models

from troth.records.models import Person


class EventTime(models.Model):
    """When an event happened from which a retention period runs, as the policy's `after` names it.

    Without a time it is ongoing: an open request, an account, a license. Written only by the functions of
    records/sql/times.sql."""

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
