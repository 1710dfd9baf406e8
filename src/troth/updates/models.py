"""Drafts of the policy, their adoptions by two people, and what followed from each adopted version."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class PolicyDraft(models.Model):
    """A text as it was saved; an edited one is another row, which names the one before."""

    holds = "nothing personal"

    id = models.UUIDField(primary_key=True)
    former = models.ForeignKey("self", models.RESTRICT, null=True, related_name="+", help_text="What it was made from.")
    text = models.TextField()
    sha256 = models.TextField()
    source = models.TextField(help_text="typed, terminal, or site: policy.md of the site folder.")
    saved_by = models.TextField(help_text="A member of staff.")
    saved_utc = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "policy_draft"


class Adoption(models.Model):
    """A draft that is to become a version. Only the database writes it, for two people who are signed in."""

    holds = "nothing personal"

    id = models.UUIDField(primary_key=True)
    draft = models.ForeignKey(PolicyDraft, models.RESTRICT)
    number = models.IntegerField(help_text="The version that it becomes.")
    law = models.JSONField(help_text="The rows of the law that it states, as both people saw them rehearsed.")
    effective = models.DateField()
    effective_utc = models.DateTimeField(help_text="From then on the gate decides by it.")
    declared = models.JSONField(help_text="Section → wording or material: what the first said of changed prose.")
    first_by = models.TextField()
    first_utc = models.DateTimeField()
    second_by = models.TextField(default="")
    second_utc = models.DateTimeField(null=True)
    withdrawn_by = models.TextField(default="")
    withdrawn_utc = models.DateTimeField(null=True)
    adopted_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "policy_adoption"

    @property
    def is_open(self) -> bool:
        return self.withdrawn_utc is None and self.adopted_utc is None


class PolicyUpdate(models.Model):
    """How far an adopted or announced version has been told and asked. Its id is that of the emails' sending."""

    holds = "nothing personal"

    class Phase(models.TextChoices):
        READING = "reading", "whom it concerns is being noted"
        SENDING = "sending"
        STOPPED = "stopped"
        SENT = "sent"
        SUPERSEDED = "superseded", "a later version asks about the sum"
        FORMER = "former", "adopted before updates were sent"
        WITHDRAWN = "withdrawn", "announced, and withdrawn before it took effect"

    id = models.UUIDField(primary_key=True)
    version = models.IntegerField(help_text="One of them is not withdrawn.")
    awaits = models.UUIDField(null=True, help_text="The adoption that it announces, until that is in force.")
    since = models.IntegerField(help_text="The latest version that everyone was notified of.")
    asks_since = models.IntegerField(
        help_text="Questions of later versions are asked: the sum of what was still being asked."
    )
    pace = models.IntegerField(help_text="Emails a day.")
    state = models.TextField(choices=Phase.choices)
    why = models.TextField(default="", help_text="Why it was stopped: a code.")
    begun_utc = models.DateTimeField(null=True)
    position = models.UUIDField(null=True, help_text="The last person who was noted: it goes on after them.")
    ended_utc = models.DateTimeField(null=True)
    reminded_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "policy_update"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version"], condition=~models.Q(state="withdrawn"), name="one_update_of_a_version"
            )
        ]


class UpdateReader(models.Model):
    """Whom a version concerns: what they are asked and told, and how it reaches them."""

    holds = "person"

    EMAIL, NOTICE, SHARED, VISIT = "email", "notice", "shared", "visit"
    MAILED = (EMAIL, NOTICE)

    pk = models.CompositePrimaryKey("update_id", "person_id")
    # The database checks neither, as of an email: everyone may be among them, and no person or update is deleted.
    update = models.ForeignKey(PolicyUpdate, models.CASCADE, db_index=False, db_constraint=False)
    person = models.ForeignKey("troth.Person", models.RESTRICT, db_constraint=False)
    address_key = models.BinaryField(null=True, help_text="Keyed hash: equal for equal addresses.")
    way = models.TextField(
        help_text="email; notice: as a subscriber; shared: another there gets it; visit: no address."
    )
    asks = ArrayField(models.TextField(), help_text="Questions, in order.")
    facts = ArrayField(models.TextField(), help_text="Purposes of which they are notified without a question.")
    bundle = ArrayField(models.TextField(), default=list, db_default=[], help_text="Questions of all at the address.")
    early_yes = ArrayField(models.TextField(), default=list, db_default=[], help_text="Answered before it took effect.")
    early_no = ArrayField(models.TextField(), default=list, db_default=[])
    day = models.IntegerField(default=0, db_default=0, help_text="On which day of the sending, by its pace.")

    class Meta:
        db_table = "policy_update_reader"
