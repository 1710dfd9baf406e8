"""Saved filters of lists and changes of many requests, settings, of each member of staff; snippets of all of them."""

from typing import ClassVar

from django.db import models

from troth.security.models import User


class SavedView(models.Model):
    """The filters of one list under a name of the user's own."""

    holds = "person"

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE)
    work = models.TextField(help_text="Name of the list.")
    name = models.TextField()
    query = models.TextField(help_text="The filters as the list's address has them.")

    class Meta:
        db_table = "saved_view"
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "work", "name"], name="one_view_of_a_name")]


class BulkRun(models.Model):
    """One act for several requests. `position` in `numbers` is where it continues after a stop."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE)
    work = models.TextField(help_text="Name of the list.")
    act = models.TextField(help_text="A code.")
    typed = models.JSONField(help_text="What staff typed into the act's fields, about the work.")
    numbers = models.JSONField(help_text="The requests in the order in which they are changed.")
    position = models.IntegerField(default=0)
    failed = models.JSONField(default=list, help_text="Number of a request, and the sentence that says why.")
    query = models.TextField(help_text="The list's filters, to lead back.")
    begun_utc = models.DateTimeField(db_index=True)
    ended_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "bulk_run"

    @property
    def total(self) -> int:
        return len(self.numbers)

    @property
    def done(self) -> int:
        return self.position - len(self.failed)

    @property
    def left(self) -> int:
        return self.total - self.position


class DeskSetting(models.Model):
    """How one member of staff has the console."""

    holds = "person"

    user = models.OneToOneField(User, models.CASCADE, primary_key=True)
    letter_keys = models.BooleanField(default=True, help_text="Whether single letters act in lists.")

    class Meta:
        db_table = "desk_setting"


class Snippet(models.Model):
    """An answer that staff write again and again, with fields such as {name}. It says nothing of anyone."""

    holds = "nothing personal"

    id = models.BigAutoField(primary_key=True)
    name = models.TextField()
    language = models.TextField(default="en")
    words = models.TextField(help_text="With fields in braces.")
    saved_by = models.TextField(help_text="A member of staff.")
    saved_utc = models.DateTimeField()

    class Meta:
        db_table = "snippet"
        constraints: ClassVar = [models.UniqueConstraint(fields=["language", "name"], name="one_snippet_of_a_name")]
