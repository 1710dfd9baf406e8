from django.db import models


class Due(models.Model):
    """One step of a plan, until it is done, replaced or canceled. Like queued jobs, it holds ids and no value."""

    holds = "nothing personal"

    id = models.UUIDField(primary_key=True)
    what = models.TextField(help_text="The name of its task.")
    about = models.UUIDField(help_text="The request, pause, invitation … that it is about.")
    step = models.TextField(default="", help_text="Which of several, e.g. the percent of the time.")
    at_utc = models.DateTimeField()
    urgency = models.IntegerField(help_text="Higher is more urgent.")
    group = models.UUIDField(help_text="Of one group, only the most urgent of what is due is done.")
    handed_out_utc = models.DateTimeField(null=True, help_text="When its job was queued.")

    class Meta:
        db_table = "due"
        indexes = [
            models.Index(fields=["at_utc"], condition=models.Q(handed_out_utc=None), name="due_next"),
            models.Index(fields=["group"], name="due_by_group"),
        ]
        constraints = [models.UniqueConstraint(fields=["what", "about", "step"], name="due_once")]
