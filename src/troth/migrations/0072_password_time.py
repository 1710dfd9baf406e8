"""An account says since when its password is in use."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0071_reach'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='password_utc',
            field=models.DateTimeField(help_text='When the owner chose the password; empty in older rows.', null=True),
        ),
    ]
