"""Adopted versions of the policy as they were compiled, so that no process compiles them while people wait."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("troth", "0042_sendings"),
    ]

    operations = [
        migrations.AddField(
            model_name="policyversion",
            name="compiler",
            field=models.TextField(db_default="", help_text="The hash of the source of what compiled it."),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="compiled",
            field=models.TextField(db_default="", help_text="The compiled policy as JSON, without its text."),
        ),
    ]
