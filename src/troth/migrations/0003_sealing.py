"""The sealer's tables. What stands in the ledger already is queued, so that it is sealed first."""

import django.db.models.deletion
from django.db import migrations, models

QUEUE = """
    create table entry_queue (
        person_id uuid not null, entry_id uuid not null, leaf bytea not null check (length(leaf) = 32)
    ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
    insert into entry_queue (person_id, entry_id, leaf) select person_id, id, leaf from entry;
    alter table tile alter column hashes set storage external;
    alter table entry_chunk alter column bitmap set storage external;
"""


class Migration(migrations.Migration):
    dependencies = [("troth", "0002_functions")]

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("at_utc", models.DateTimeField()),
                ("note", models.TextField(help_text="The signed text, as it stands in the checkpoint file.")),
            ],
            options={"db_table": "checkpoint"},
        ),
        migrations.CreateModel(
            name="EntryChunk",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "entry_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.UUIDField(help_text="Whose entry it is: Nobody's.")),
                ("entry_id", models.UUIDField()),
                ("number", models.IntegerField(help_text="The ordinals from 65,536 × number on.")),
                ("bitmap", models.BinaryField(help_text="Up to 8,192 bytes; bits as get_bit(bytea, i) counts them.")),
            ],
            options={"db_table": "entry_chunk"},
        ),
        migrations.CreateModel(
            name="EntryQueue",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "entry_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("entry_id", models.UUIDField()),
                ("leaf", models.BinaryField()),
            ],
            options={"db_table": "entry_queue", "managed": False},
        ),
        migrations.CreateModel(
            name="LeafOrder",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                ("entry_id", models.UUIDField()),
                ("leaf", models.BinaryField()),
            ],
            options={"db_table": "leaf_order"},
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("hashes", models.BinaryField(help_text="Up to 256 hashes of 32 bytes.")),
            ],
            options={"db_table": "tile"},
        ),
        migrations.AddConstraint(
            model_name="leaforder",
            constraint=models.UniqueConstraint(fields=("person_id", "entry_id"), name="leaf_order_once"),
        ),
        migrations.AddIndex(
            model_name="entrychunk",
            index=models.Index(fields=["number"], name="entry_chunk_by_number"),
        ),
        migrations.RunSQL(QUEUE, "drop table entry_queue"),
    ]
