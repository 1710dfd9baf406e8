"""Pauses: what a person turned off for a while, and what applies again afterwards."""

from django.db import models

from troth.access.preferences import telling

END = "preferences.end_pause"
"""The plan that ends a pause."""


class Pause(models.Model):
    """One pause. `saved` lists the answers it changed and the ones before; no address, no value."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey("troth.Person", models.RESTRICT, related_name="+")
    since_utc = models.DateTimeField()
    until_utc = models.DateTimeField(db_index=True)
    purpose = models.TextField(default="", help_text="What alone is paused; empty for everything that was on.")
    saved = models.JSONField(help_text="As `telling.pack` writes it.")

    class Meta:
        db_table = "preference_pause"

    def as_saved(self) -> telling.Saved:
        """The answers that the pause changed, and the ones before."""
        return telling.unpack(self.saved, at_utc=self.since_utc)
