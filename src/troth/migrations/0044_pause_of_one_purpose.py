"""A pause can be of one purpose alone, such as newsletters."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("troth", "0043_compiled"),
    ]

    operations = [
        migrations.AddField(
            model_name="pause",
            name="purpose",
            field=models.TextField(default="", help_text="What alone is paused; empty for everything that was on."),
        ),
        migrations.AlterField(
            model_name="pause",
            name="saved",
            field=models.JSONField(help_text="As `telling.pack` writes it."),
        ),
    ]
