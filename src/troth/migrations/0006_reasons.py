"""Why and alarm hold a reason's code with its names. What older rows hold is a sentence and stays as it stands."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("troth", "0005_nonce_content")]

    operations = [
        migrations.AlterField(
            model_name="inquiry",
            name="alarm",
            field=models.TextField(default="", help_text="What staff must look at: a reason as text, or a sentence."),
        ),
        migrations.AlterField(
            model_name="quoterequest",
            name="alarm",
            field=models.TextField(default="", help_text="What staff must look at: a reason as text, or a sentence."),
        ),
        migrations.AlterField(
            model_name="quoterequest",
            name="why",
            field=models.TextField(default="", help_text="A reason of the catalog as text; in older rows a sentence."),
        ),
    ]
