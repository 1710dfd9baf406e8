"""A submission says whose it is and who sees it as a request does."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("troth", "0024_approvals")]

    operations = [
        # Until now a row was there only while it was shared.
        migrations.AddField(
            "sharedfact", "shared", models.BooleanField(default=True, help_text="Whether colleagues see it.")
        ),
        migrations.AlterField(
            "sharedfact", "shared", models.BooleanField(default=False, help_text="Whether colleagues see it.")
        ),
    ]
