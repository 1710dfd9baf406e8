"""Pauses: what a person switched off for a time, and what counts again afterwards."""

from django.db import models

from troth.access.preferences import telling


class Pause(models.Model):
    """One pause. `saved` says which answers it changed, and what had stood before; nobody's address, no value."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey("troth.Person", models.RESTRICT, related_name="+")
    since_utc = models.DateTimeField()
    until_utc = models.DateTimeField(db_index=True)
    saved = models.JSONField(help_text="As `telling.packed` writes it.")

    class Meta:
        db_table = "preference_pause"

    def as_saved(self) -> telling.Saved:
        """The answers that it changed, and what had stood before."""
        return telling.unpack(self.saved, at_utc=self.since_utc)
