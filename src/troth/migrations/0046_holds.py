"""Legal holds, erasures that wait for their end, and what was deleted day by day."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("troth", "0045_looks_of_a_link"),
    ]

    operations = [
        migrations.CreateModel(
            name='HeldErasure',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.RESTRICT, primary_key=True, serialize=False, to='troth.person')),
                ('case_id', models.UUIDField(null=True)),
                ('kept', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('who', models.TextField()),
                ('reason', models.TextField()),
                ('asked_utc', models.DateTimeField()),
            ],
            options={
                'db_table': 'held_erasure',
            },
        ),
        migrations.CreateModel(
            name='RetentionDay',
            fields=[
                ('pk', models.CompositePrimaryKey('day', 'kind', blank=True, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('kind', models.TextField()),
                ('people', models.BigIntegerField()),
            ],
            options={
                'db_table': 'retention_day',
            },
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('case_id', models.UUIDField()),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), help_text='Which kinds of data; all where none is named.', size=None)),
                ('since_utc', models.DateTimeField()),
                ('until_utc', models.DateTimeField(null=True)),
                ('secret_until_utc', models.DateTimeField(help_text='An order forbids telling the person before.', null=True)),
                ('told_utc', models.DateTimeField(help_text='When their history said that it began.', null=True)),
                ('end_told_utc', models.DateTimeField(help_text='When their history said that it ended.', null=True)),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, to='troth.person')),
            ],
            options={
                'db_table': 'legal_hold',
                'indexes': [models.Index(condition=models.Q(('until_utc', None)), fields=['person'], name='legal_hold_in_force'), models.Index(condition=models.Q(('end_told_utc', None)), fields=['secret_until_utc'], name='legal_hold_untold')],
                'constraints': [models.UniqueConstraint(fields=('case_id', 'person'), name='legal_hold_once')],
            },
        ),
    ]
