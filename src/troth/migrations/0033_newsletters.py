"""Sign-ups for newsletters, and how often an address was asked to confirm one."""

import django.db.models.deletion
from django.db import migrations, models

_WHAT = [("confirm", "confirm"), ("reset", "reset"), ("address", "address"), ("newsletter", "newsletter")]


class Migration(migrations.Migration):
    dependencies = [("troth", "0032_mailbox")]

    operations = [
        migrations.CreateModel(
            name="ConfirmationCount",
            fields=[
                ("key", models.BinaryField(primary_key=True, serialize=False)),
                ("times", models.IntegerField(default=0)),
                ("last_utc", models.DateTimeField()),
            ],
            options={"db_table": "newsletter_confirmation_count"},
        ),
        migrations.AlterField(model_name="proof", name="what", field=models.TextField(choices=_WHAT)),
        migrations.CreateModel(
            name="SignUp",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("number", models.TextField()),
                (
                    "topic",
                    models.TextField(
                        default="", help_text="Of the newsletter purpose; empty for the purpose as a whole."
                    ),
                ),
                ("place", models.TextField(help_text="The form, or the page of choices.")),
                ("version", models.IntegerField(help_text="Of the policy, when it was asked for.")),
                (
                    "address_key",
                    models.BinaryField(db_index=True, help_text="Keyed hash: equal for equal addresses."),
                ),
                ("asked_utc", models.DateTimeField()),
                (
                    "mailed",
                    models.BooleanField(default=False, help_text="Whether a confirmation went out for this one."),
                ),
                ("confirmed_utc", models.DateTimeField(null=True)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to="troth.person")),
            ],
            options={"db_table": "newsletter_sign_up"},
        ),
    ]
