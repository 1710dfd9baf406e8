"""Actions at the console and the terminal that are in no person's history: exports, resent emails, retried jobs.

    staff:ines       exported            quotes      25 rows
    staff:rafael     job tried again     job 17
    program:work     job failed          job 17      The mail server …

Contains no personal data and no search terms. Kept as long as the log of requests: 24 months.
"""

from datetime import datetime

from django.db import models

from troth.gate import staff


class Act(models.Model):
    """One action of a member of staff, or of the program."""

    holds = "nothing personal"

    id = models.BigAutoField(primary_key=True)
    at_utc = models.DateTimeField(db_index=True)
    who = models.TextField(help_text="As in the ledger: staff:ines, terminal:root, program:work.")
    what = models.TextField(help_text="A code.")
    about = models.TextField(help_text="What it was done to: a list, or a kind and an id.")
    words = models.TextField(default="", help_text="How many, or why: never a value of anybody.")

    class Meta:
        db_table = "act"
        indexes = [models.Index(fields=["about", "what"], name="act_by_about")]  # noqa: RUF012


def record(who: str, what: str, *, about: str, at_utc: datetime, words: str = "") -> Act:
    """Records the act in the caller's transaction."""
    return Act.objects.create(at_utc=at_utc, who=who, what=what, about=about, words=words)


def tidy() -> int:
    """How many acts were deleted because their retention period is over. Only the database deletes them."""
    return staff.forget_acts()
