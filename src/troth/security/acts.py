"""What was done at the console and the terminal that no person's history holds: exports, emails sent again, jobs tried.

    staff:ines       exported            quotes      25 rows
    staff:rafael     job tried again     job 17
    program:work     job failed          job 17      The mail server …

No value of anybody stands here, and no search that somebody typed. Kept as long as the log of requests: 24 months.
"""

from datetime import datetime

from django.db import models

from troth.gate import staff


class Act(models.Model):
    """One thing that somebody of the staff, or the program for them, did."""

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
    """The act kept, in the caller's transaction."""
    return Act.objects.create(at_utc=at_utc, who=who, what=what, about=about, words=words)


def tidy() -> int:
    """How many acts were forgotten because their time is over. The database alone takes any out."""
    return staff.forget_acts()
