"""What people paused, and what stands again afterwards."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0009_cases'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('since_utc', models.DateTimeField()),
                ('until_utc', models.DateTimeField(db_index=True)),
                ('saved', models.JSONField(help_text='As `telling.packed` writes it.')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='troth.person')),
            ],
            options={
                'db_table': 'preference_pause',
            },
        ),
    ]
