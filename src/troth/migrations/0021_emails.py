"""The table of emails keeps its name and gets rows without a grant: the gate is asked when an email leaves."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("troth", "0018_times")]

    operations = [
        migrations.RenameModel("Letter", "QueuedEmail"),
        migrations.RenameModel("FinishedLetter", "FinishedEmail"),
        migrations.AlterField(
            "finishedemail",
            "letter",
            models.OneToOneField(
                db_column="letter_id",
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                serialize=False,
                to="troth.queuedemail",
            ),
        ),
        migrations.RenameField("finishedemail", "letter", "email"),
        migrations.AlterField(
            "queuedemail", "permit", models.UUIDField(help_text="The grant or disclosure that lets it leave.", null=True)
        ),
    ]
