"""A spent nonce remembers what was typed with it. Nonces spent before this remember nothing and match nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("troth", "0004_standing")]

    operations = [
        migrations.AddField(
            model_name="formnonce",
            name="content",
            field=models.BinaryField(
                default=b"", help_text="What was typed, as a digest keyed with the secret itself, which is not kept."
            ),
            preserve_default=False,
        ),
    ]
