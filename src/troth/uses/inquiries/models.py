"""Questions and registered interests: their subject, never the person."""

from django.db import models

from troth.cases.models import Case


class Inquiry(Case):
    """What it is about; all else is the case's."""

    holds = "person"

    case = models.OneToOneField(Case, models.RESTRICT, parent_link=True, primary_key=True, related_name="inquiry")
    place = models.TextField(help_text="form.contact or form.register.")
    version = models.IntegerField()
    product = models.TextField(default="")
    assigned_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "inquiry"
