"""Tables of the adopted versions: their texts, and what each states, for the functions that decide in SQL.

The database doesn't check that a row's version exists: `adopt` writes both at once, and no version is ever deleted.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class PolicyVersion(models.Model):
    """An adopted version: its exact text, and the hash that its ledger entry names."""

    holds = "nothing personal"

    number = models.IntegerField(primary_key=True)
    text = models.TextField()
    sha256 = models.TextField()
    effective = models.DateField()
    adopted_utc = models.DateTimeField()
    adopted_by = models.TextField()
    reckons = models.BooleanField(db_default=False, help_text="Its times have not reached all stored data yet.")
    compiler = models.TextField(db_default="", help_text="The hash of the source of what compiled it.")
    compiled = models.TextField(db_default="", help_text="The compiled policy as JSON, without its text.")

    class Meta:
        db_table = "policy_version"


class PolicyTranslation(models.Model):
    """A version in another language, adopted or waiting for its second person. The newest adopted one is shown."""

    holds = "nothing personal"

    id = models.UUIDField(primary_key=True)
    version = models.IntegerField()
    language = models.TextField()
    text = models.TextField()
    sha256 = models.TextField()
    of_sha256 = models.TextField(help_text="The hash of the text that it translates.")
    first_by = models.TextField()
    first_utc = models.DateTimeField()
    second_by = models.TextField(db_default="", help_text="Empty where the owner adopted it at the terminal.")
    adopted_utc = models.DateTimeField(null=True)
    withdrawn_by = models.TextField(db_default="")
    withdrawn_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "policy_translation"
        indexes: ClassVar = [models.Index(fields=["version", "language"], name="policy_translation_of")]


class LawPurpose(models.Model):
    """What an adopted version states about a purpose, read by the granting function. Masks: a bit for each question."""

    holds = "nothing personal"

    pk = models.CompositePrimaryKey("version_id", "purpose")
    version = models.ForeignKey(PolicyVersion, models.RESTRICT, db_index=False, db_constraint=False)
    purpose = models.TextField()
    choice = models.TextField(help_text="The strictest, where people of different regions have different ones.")
    marketing = models.BooleanField()
    recipients = ArrayField(models.TextField())
    kinds = ArrayField(models.TextField())
    section = models.TextField()
    asked = models.BigIntegerField(db_default=0, help_text="The purpose's own question, as each version asked it.")
    asked_more = ArrayField(models.BigIntegerField(), null=True)
    topics = ArrayField(models.TextField(), db_default=[], help_text="Their ids; * where the site lists them.")
    choices = models.JSONField(null=True, help_text="Region → choice, empty: unknown; null where all have the same.")
    serves = models.JSONField(null=True, help_text="Recipient → the products about which alone it receives data.")

    class Meta:
        db_table = "law_purpose"


class LawUse(models.Model):
    """A use that an adopted version states: purpose × kind × channel, and since which version without a break."""

    holds = "nothing personal"

    pk = models.CompositePrimaryKey("version_id", "purpose", "kind", "channel")
    version = models.ForeignKey(PolicyVersion, models.RESTRICT, db_index=False, db_constraint=False)
    purpose = models.TextField()
    kind = models.TextField()
    channel = models.TextField()
    introduced = models.IntegerField()
    stated_in = ArrayField(models.IntegerField(), db_default=[], help_text="Versions up to this one that state it.")
    agreed = models.BigIntegerField(db_default=0, help_text="A yes to these questions agreed to this use.")
    agreed_more = ArrayField(models.BigIntegerField(), null=True)
    own = models.BigIntegerField(db_default=0, help_text="The question that was asked when the use was introduced.")
    own_more = ArrayField(models.BigIntegerField(), null=True)
    kept_number = models.IntegerField(null=True, help_text="How long, where that is shorter than the kind is kept.")
    kept_unit = models.TextField(null=True)
    kept_after = models.TextField(null=True)

    class Meta:
        db_table = "law_use"
        indexes: ClassVar = [
            models.Index(
                fields=["kind", "channel", "purpose"], name="law_use_timed", condition=Q(kept_number__isnull=False)
            )
        ]


class LawAnswer(models.Model):
    """What an adopted version says of a class about a purpose, once it was worked out. No row means nothing."""

    holds = "nothing personal"

    pk = models.CompositePrimaryKey("class_id", "purpose", "version")
    class_id = models.IntegerField()
    purpose = models.TextField()
    version = models.IntegerField()
    section = models.TextField()
    kinds = ArrayField(models.TextField(), help_text="What the version states for the purpose.")
    codes = ArrayField(models.TextField(), help_text="Of each of these kinds.")
    opened = ArrayField(models.TextField(), help_text="Names of origins that it opens: kind, channel, version.")
    timed = models.BooleanField(help_text="Whether the purpose has times of its own.")

    class Meta:
        db_table = "law_answer"


class LawReach(models.Model):
    """Which classes an adopted version lets a purpose reach by a kind, once it was worked out. No row means nothing."""

    holds = "nothing personal"

    pk = models.CompositePrimaryKey("version", "purpose", "kind", "choice")
    version = models.IntegerField()
    purpose = models.TextField()
    kind = models.TextField()
    choice = models.TextField(help_text="The choice of these people; the same for all, or by region.")
    until = models.IntegerField(help_text="The last class that was asked about.")
    classes = ArrayField(models.IntegerField(), help_text="Which of them may be reached, where these are few.")
    bits = models.BinaryField(null=True, help_text="The same of many, a bit for each.")

    class Meta:
        db_table = "law_reach"


class LawCollect(models.Model):
    """A kind that an adopted version lets a channel collect."""

    holds = "nothing personal"

    pk = models.CompositePrimaryKey("version_id", "channel", "kind")
    version = models.ForeignKey(PolicyVersion, models.RESTRICT, db_index=False, db_constraint=False)
    channel = models.TextField()
    kind = models.TextField()
    section = models.TextField()
    sensitivity = models.TextField(db_default="", help_text="describing, identifying or sensitive: how it is kept.")

    class Meta:
        db_table = "law_collect"


class LawQuestion(models.Model):
    """A question as one version asked it, and its place in masks. Numbers are dense and never change."""

    holds = "nothing personal"

    bit = models.IntegerField(primary_key=True)
    question = models.TextField()
    version = models.ForeignKey(PolicyVersion, models.RESTRICT, db_index=False, db_constraint=False)

    class Meta:
        db_table = "law_question"
        constraints = [models.UniqueConstraint(fields=["question", "version"], name="law_question_once")]


class LawKept(models.Model):
    """How long an adopted version keeps a kind, after which event. A dropped kind keeps its last period."""

    holds = "nothing personal"

    pk = models.CompositePrimaryKey("kind", "version_id")
    kind = models.TextField()
    version = models.ForeignKey(PolicyVersion, models.RESTRICT, db_index=False, db_constraint=False)
    number = models.IntegerField()
    unit = models.TextField()
    after = models.TextField()
    place = models.TextField(null=True, help_text="country or state, of a kind that says where people live; or empty.")

    class Meta:
        db_table = "law_kept"
