"""A link keeps the last look at each of the people whose data its page shows, not of the first alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("troth", "0044_pause_of_one_purpose"),
    ]

    operations = [
        migrations.AddField(
            model_name="link",
            name="further",
            field=models.JSONField(
                default=dict, help_text="Likewise, of others whose data the same page shows: 1, 2, …"
            ),
        ),
    ]
