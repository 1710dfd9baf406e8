"""A person's standing names a class, which holds what many people have alike. The table is made anew, so its rows are narrow."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

_INTERN = """
    insert into standing_class (cohort, yes, no, opted_out, yes_more, no_more)
    select distinct cohort, yes, no, opted_out, yes_more, no_more from standing order by 1, 2, 3, 4, 5, 6
"""
_KEEP = """
    create table standing_before as
    select s.person_id, s.settled_until, s.ordinal, k.id as class_id from standing s
    join standing_class k on (k.cohort, k.yes, k.no, k.opted_out) = (s.cohort, s.yes, s.no, s.opted_out)
                         and k.yes_more is not distinct from s.yes_more and k.no_more is not distinct from s.no_more
"""
_FILL = """
    insert into standing (person_id, settled_until, ordinal, class_id)
    select person_id, settled_until, ordinal, class_id from standing_before order by ordinal
"""


class Migration(migrations.Migration):
    dependencies = [("troth", "0027_console")]

    operations = [
        migrations.CreateModel(
            name="StandingClass",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("cohort", models.IntegerField()),
                ("yes", models.BigIntegerField()),
                ("no", models.BigIntegerField()),
                ("opted_out", models.BooleanField()),
                (
                    "yes_more",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
                (
                    "no_more",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
            ],
            options={"db_table": "standing_class"},
        ),
        migrations.RunSQL(_INTERN),
        migrations.AddConstraint(
            "standingclass",
            models.UniqueConstraint(
                fields=["cohort", "yes", "no", "opted_out", "yes_more", "no_more"],
                name="standing_class_once",
                nulls_distinct=False,
            ),
        ),
        migrations.RunSQL(_KEEP),
        migrations.DeleteModel("Standing"),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.RESTRICT,
                        primary_key=True,
                        serialize=False,
                        to="troth.person",
                    ),
                ),
                (
                    "settled_until",
                    models.DateTimeField(help_text="From then on time alone may have changed it."),
                ),
                ("ordinal", models.IntegerField()),
                ("class_id", models.IntegerField()),
            ],
            options={"db_table": "standing"},
        ),
        migrations.RunSQL(_FILL),
        migrations.RunSQL("drop table standing_before"),
        migrations.AddIndex("standing", models.Index(fields=["settled_until"], name="standing_due")),
        migrations.AddIndex(
            "standing",
            models.Index(
                fields=["class_id", "settled_until"], include=["ordinal", "person"], name="standing_by_class"
            ),
        ),
    ]
