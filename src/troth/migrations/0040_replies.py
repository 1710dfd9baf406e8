"""Whether the sender of a message that came by email is verified."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0034_issues'),
    ]

    operations = [
        migrations.AddField(
            model_name='casemessage',
            name='proven',
            field=models.BooleanField(db_default=True, default=True, help_text='Of an email: whether its sender is verified to have the address.'),
        ),
    ]
