"""Settings of the console, for each member of staff."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0039_notices'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeskSetting',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='troth.user')),
                ('letter_keys', models.BooleanField(default=True, help_text='Whether single letters act in lists.')),
            ],
            options={
                'db_table': 'desk_setting',
            },
        ),
    ]
