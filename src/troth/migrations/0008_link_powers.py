"""Two more powers of private links: choices, and an unsubscribe that can only say no."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("troth", "0007_accounts")]

    operations = [
        migrations.AlterField(
            model_name="link",
            name="power",
            field=models.TextField(
                choices=[
                    ("masked", "masked"),
                    ("full", "full"),
                    ("choices", "choices"),
                    ("unsubscribe", "unsubscribe"),
                ]
            ),
        ),
        migrations.AlterField(
            model_name="link",
            name="request",
            field=models.UUIDField(null=True, help_text="The request whose receipt it opens, or its letter."),
        ),
    ]
