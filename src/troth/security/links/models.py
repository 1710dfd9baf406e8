"""Private links, found by the hash of their token."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.db import models

from troth.security.mailed import MailedSecret


class Link(MailedSecret):
    """What one private link opens, how far, and until when."""

    holds = "person"

    MASKED, FULL, CHOICES, UNSUBSCRIBE = "masked", "full", "choices", "unsubscribe"
    CASE = "case"

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey("troth.Person", models.RESTRICT, related_name="+")
    power = models.TextField(choices=[(power, power) for power in (MASKED, FULL, CHOICES, UNSUBSCRIBE, CASE)])
    request = models.UUIDField(null=True, help_text="The request whose receipt it opens, or its letter.")
    made_utc = models.DateTimeField()
    grant = models.UUIDField(null=True, help_text="The last look through it: looking again soon is the same look.")
    further = models.JSONField(default=dict, help_text="Likewise, of others whose data the same page shows: 1, 2, …")

    class Meta:
        db_table = "private_link"
        indexes = [models.Index(fields=["request", "power"], name="private_link_by_request")]

    @property
    def mailed(self) -> bool:
        """Whether it was emailed. The masked link is shown by our own page and stays in its URL."""
        return self.power != self.MASKED


@dataclass(frozen=True)
class LinkLook:
    """The look through one link, whose grant the link's own row keeps."""

    link: Link
    number: int = 0

    def find(self) -> UUID | None:
        stored = self.link.further.get(str(self.number)) if self.number else self.link.grant
        return UUID(str(stored)) if stored else None

    def find_place(self, number: int) -> "LinkLook":
        return replace(self, number=number)

    def store(self, grant: UUID) -> None:
        if self.number:
            self.link.further[str(self.number)] = str(grant)
            self.link.save(update_fields=["further"])
            return
        Link.objects.filter(pk=self.link.pk).update(grant=grant)
