"""Whose fault it is that an email waits or failed, which sending to many it is of, and whether its reader complained."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("troth", "0036_work_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="queuedemail",
            name="fault",
            field=models.TextField(
                db_default="", default="", help_text="Whose fault it is that it waits or failed: a code."
            ),
        ),
        migrations.AddField(
            model_name="queuedemail",
            name="batch",
            field=models.UUIDField(help_text="What it was planned for with others, such as an issue.", null=True),
        ),
        migrations.AddField(
            model_name="queuedemail",
            name="complained",
            field=models.BooleanField(db_default=False, default=False, help_text="Its reader called it spam."),
        ),
        migrations.AddIndex(
            model_name="queuedemail",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)), fields=["batch", "state"], name="letter_of_a_batch"
            ),
        ),
    ]
