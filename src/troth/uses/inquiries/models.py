"""Questions and registered interests. They carry what it is about, never who asks."""

from typing import ClassVar

from django.db import models


class InquiryNumber(models.Model):
    """One row an inquiry: its id is the running number, given out without a lock."""

    holds = "nothing personal"

    id = models.BigAutoField(primary_key=True)

    class Meta:
        db_table = "inquiry_number"


class Inquiry(models.Model):
    """One inquiry and whose it is to answer."""

    holds = "person"

    RECEIVED, ASSIGNED, ANSWERED, REFUSED = "received", "assigned", "answered", "refused"
    ERASED = "erased"
    STATES: ClassVar = [(state, state) for state in (RECEIVED, ASSIGNED, ANSWERED, REFUSED, ERASED)]

    id = models.UUIDField(primary_key=True)
    number = models.TextField(unique=True)
    person = models.ForeignKey("troth.Person", models.RESTRICT, related_name="+")
    state = models.TextField(choices=STATES, default=RECEIVED)
    place = models.TextField(help_text="form.contact or form.register.")
    version = models.IntegerField()
    product = models.TextField(default="")
    queue = models.TextField(help_text="The staff who answer, as the policy names them, e.g. staff.sales.")
    received_utc = models.DateTimeField(db_index=True)
    due_utc = models.DateTimeField()
    assigned_utc = models.DateTimeField(null=True)
    answered_utc = models.DateTimeField(null=True)
    answered_by = models.TextField(default="", help_text="Who noted it, as in the ledger; empty in older rows.")
    alarm = models.TextField(default="", help_text="What staff must look at: a reason as text, or a sentence.")

    class Meta:
        db_table = "inquiry"
