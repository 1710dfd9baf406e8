"""The tables for people, their data and the ledger.

They are declared here so that migrations and tests know them. The application's role can't access the first five;
it calls the functions in `records/sql`. Keys of large tables start with the person and use no sequences.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Left


class Person(models.Model):
    """A bare key. Everything known about a person is a datum."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    ordinal = models.BigIntegerField(unique=True, help_text="Private, dense: the person's place in bitmaps.")
    created_utc = models.DateTimeField()
    erased_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "person"


class PersonKey(models.Model):
    """The person's data key, wrapped by the master key. Erasing the person deletes this row."""

    holds = "person"

    person = models.OneToOneField(Person, models.RESTRICT, primary_key=True)
    wrapped = models.BinaryField()

    class Meta:
        db_table = "person_key"


class Datum(models.Model):
    """One value of one kind with its provenance; encrypted if the kind is identifying or sensitive."""

    holds = "person"

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey(Person, models.RESTRICT, db_index=False)
    id = models.UUIDField()
    kind = models.TextField()
    sealed = models.BinaryField(null=True)
    clear = models.TextField(null=True)
    blind_index = models.BinaryField(null=True)
    channel = models.TextField(help_text="Where it came from, e.g. form.quote.")
    version = models.IntegerField(help_text="Policy version it was collected under; 0 where unknown.")
    way = models.TextField(help_text="How it was proven or brought, e.g. typed by the person.")
    evidence = models.TextField(default="")
    collected_utc = models.DateTimeField()
    kept_until_utc = models.DateTimeField(null=True, help_text="As the function kept_until says; written by reckon.")
    removed_utc = models.DateTimeField(null=True)
    request = models.UUIDField(null=True, help_text="The request it was given for.")

    class Meta:
        db_table = "datum"
        indexes = [
            models.Index(fields=["kind", "blind_index"], name="datum_by_blind_index"),
            models.Index("kind", Left("clear", 200), name="datum_by_clear", condition=models.Q(clear__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="datum_sealed_or_clear",
                condition=models.Q(sealed__isnull=True) ^ models.Q(clear__isnull=True),
            )
        ]


class DatumMark(models.Model):
    """Which words a value has that callers tell, as keyed hashes: see `finding`. It goes with its value."""

    holds = "person"

    datum = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.RESTRICT)
    marks = ArrayField(models.IntegerField())

    class Meta:
        db_table = "datum_mark"
        indexes = [GinIndex(fields=["marks"], name="datum_mark_by_word")]


class Choice(models.Model):
    """One answer: which question, as worded in which version. The latest of a question counts."""

    holds = "person"

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey(Person, models.RESTRICT, db_index=False)
    id = models.UUIDField()
    question = models.TextField()
    version = models.IntegerField()
    yes = models.BooleanField()
    way = models.TextField()
    chosen_utc = models.DateTimeField()

    class Meta:
        db_table = "choice"


class Entry(models.Model):
    """One ledger entry: ids and codes, never values. `leaf` commits to all of it with `salt`."""

    holds = "person"

    pk = models.CompositePrimaryKey("person_id", "id")
    person = models.ForeignKey(Person, models.RESTRICT, db_index=False)
    id = models.UUIDField()
    kind = models.TextField(help_text="collected, used, disclosed, chose, notified, adopted, refused …")
    at_utc = models.DateTimeField()
    purpose = models.TextField(default="")
    section = models.TextField(default="", help_text="Anchor in the policy.")
    version = models.IntegerField()
    who = models.TextField()
    reason = models.TextField(default="")
    kinds = ArrayField(models.TextField(), default=list)
    recipient = models.TextField(default="", help_text="Class and key of whoever received.")
    request = models.UUIDField(null=True)
    payload = models.JSONField(default=dict)
    expires_utc = models.DateTimeField(null=True, help_text="Set on grants: until when they open.")
    transaction = models.BigIntegerField(help_text="The writing transaction: a grant opens only after it.")
    salt = models.BinaryField(null=True)
    leaf = models.BinaryField()
    alike = models.GeneratedField(
        expression=models.Func(
            *("kind", models.Q(who="person"), "section", "purpose", "version", "kinds"),
            template="hash_record_extended(row(%(expressions)s), 0)",
        ),
        output_field=models.BigIntegerField(),
        db_persist=True,
        help_text="The same for entries that a history has in one line: they differ in time, request and words alone.",
    )

    class Meta:
        db_table = "entry"
        indexes = [models.Index(fields=["person", "at_utc", "id"], include=["alike", "request"], name="entry_by_time")]


class EntryQueue(models.Model):
    """Entries that wait for the sealer, without any index: writing one costs next to nothing."""

    holds = "person"

    pk = models.CompositePrimaryKey("person_id", "entry_id")
    person_id = models.UUIDField()
    entry_id = models.UUIDField()
    leaf = models.BinaryField()

    class Meta:
        db_table = "entry_queue"
        managed = False  # its migration makes it, for Django would give it an index


class EntryChunk(models.Model):
    """Whom a bulk use included: a bit for each person's ordinal. The entry's payload has the bitmap's hash."""

    holds = "person"

    pk = models.CompositePrimaryKey("person_id", "entry_id", "number")
    person_id = models.UUIDField(help_text="Whose entry it is: Nobody's.")
    entry_id = models.UUIDField()
    number = models.IntegerField(help_text="The ordinals from 65,536 × number on.")
    bitmap = models.BinaryField(help_text="Up to 8,192 bytes; bits as get_bit(bytea, i) counts them.")

    class Meta:
        db_table = "entry_chunk"
        indexes = [models.Index(fields=["number"], name="entry_chunk_by_number")]


class LeafOrder(models.Model):
    """The position of each signed entry in the tree."""

    holds = "person"

    position = models.BigIntegerField(primary_key=True)
    person_id = models.UUIDField()
    entry_id = models.UUIDField()
    leaf = models.BinaryField()

    class Meta:
        db_table = "leaf_order"
        constraints = [models.UniqueConstraint(fields=["person_id", "entry_id"], name="leaf_order_once")]


class Tile(models.Model):
    """Up to 256 neighboring hashes of one height of the tree: leaves in level 0, roots of full tiles above."""

    holds = "nothing personal"

    pk = models.CompositePrimaryKey("level", "number")
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField(help_text="Up to 256 hashes of 32 bytes.")

    class Meta:
        db_table = "tile"


class Checkpoint(models.Model):
    """A signed state of the tree: how many leaves, their root, and when."""

    holds = "nothing personal"

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    at_utc = models.DateTimeField()
    note = models.TextField(help_text="The signed text, as it stands in the checkpoint file.")

    class Meta:
        db_table = "checkpoint"


class Origin(models.Model):
    """Where a value of a kind came from, and which of its times are over. Cohorts are sets of these."""

    holds = "nothing personal"

    id = models.AutoField(primary_key=True)
    kind = models.TextField()
    channel = models.TextField()
    version = models.IntegerField()
    expired = models.BooleanField(help_text="Whether its retention period is over.")
    ended = ArrayField(models.TextField(), db_default=[], help_text="Purposes whose own time for it is over.")

    class Meta:
        db_table = "origin"
        constraints = [
            models.UniqueConstraint(fields=["kind", "channel", "version", "expired", "ended"], name="origin_once")
        ]


class Cohort(models.Model):
    """A sorted set of origins of people's data, and the region where these people live. It never changes."""

    holds = "nothing personal"

    id = models.AutoField(primary_key=True)
    origins = ArrayField(models.IntegerField())
    fingerprint = models.BinaryField(unique=True, help_text="SHA-256 of the region and the array as text.")
    region = models.TextField(db_default="", help_text="As `policy.regions` names it; empty where it isn't known.")

    class Meta:
        db_table = "cohort"
        indexes = [GinIndex(fields=["origins"], name="cohort_by_origin", fastupdate=False)]


class StandingClass(models.Model):
    """People about whom the law decides alike: where their data came from, and their answers. It never changes."""

    holds = "nothing personal"

    id = models.AutoField(primary_key=True)
    cohort = models.IntegerField()
    yes = models.BigIntegerField()
    no = models.BigIntegerField()
    opted_out = models.BooleanField()
    yes_more = ArrayField(models.BigIntegerField(), null=True)
    no_more = ArrayField(models.BigIntegerField(), null=True)

    class Meta:
        db_table = "standing_class"
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "yes", "no", "opted_out", "yes_more", "no_more"],
                name="standing_class_once",
                nulls_distinct=False,
            )
        ]


class AccountPerson(models.Model):
    """A person that an account's owner has proven to be. Written only by `join_account`."""

    holds = "person"

    person = models.OneToOneField(Person, models.RESTRICT, primary_key=True, related_name="+")
    user = models.ForeignKey("troth.User", models.RESTRICT)
    since_utc = models.DateTimeField()

    class Meta:
        db_table = "account_person"


class JoiningOffer(models.Model):
    """A person whose address equals an account's under the new comparison; the account's owner is asked."""

    holds = "person"

    person = models.OneToOneField(Person, models.RESTRICT, primary_key=True, related_name="+")
    made_utc = models.DateTimeField()
    declined_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "joining_offer"


class Progress(models.Model):
    """How far an upgrade step that decrypts data has come; it continues where it was interrupted."""

    holds = "nothing personal"

    step = models.TextField(primary_key=True)
    after = models.UUIDField(help_text="The last id that is done.")
    changed = models.IntegerField(default=0)
    ended_utc = models.DateTimeField(null=True)

    class Meta:
        db_table = "progress"


class Standing(models.Model):
    """A person's row for the gate, computed from data and answers. See records/sql/standing.sql.

    The row is narrow, because a selection reads all of them."""

    holds = "person"

    person = models.OneToOneField(Person, models.RESTRICT, primary_key=True)
    settled_until = models.DateTimeField(help_text="From then on time alone may have changed it.")
    ordinal = models.IntegerField()
    class_id = models.IntegerField()  # no foreign key: its check would lock a row that half of all people share

    class Meta:
        db_table = "standing"
        indexes = [
            models.Index(fields=["settled_until"], name="standing_due"),
            # All that a selection reads: where few are chosen, it reads nothing else.
            models.Index(fields=["class_id", "settled_until"], include=["ordinal", "person"], name="standing_by_class"),
        ]


class KeyMark(models.Model):
    """A known value encrypted with the master key of this database: another key can't decrypt it. One row."""

    holds = "nothing personal"

    id = models.SmallIntegerField(primary_key=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "key_mark"


class ClockWord(models.Model):
    """The operator's confirmation that the clock is right, although it differs from what was signed before."""

    holds = "nothing personal"

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField(help_text="The checkpoint that was the last when it was given.")
    at_utc = models.DateTimeField(help_text="What the database's clock said.")
    by = models.TextField()
    reason = models.TextField()

    class Meta:
        db_table = "clock_word"
