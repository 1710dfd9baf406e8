"""Emails that came back though their address may be right."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0037_batches'),
    ]

    operations = [
        migrations.CreateModel(
            name='SoftBounce',
            fields=[
                ('email', models.UUIDField(primary_key=True, serialize=False)),
                ('mark', models.BinaryField(help_text='Keyed hash of the address.')),
                ('at_utc', models.DateTimeField()),
            ],
            options={
                'db_table': 'soft_bounce',
                'indexes': [models.Index(fields=['mark', 'at_utc'], name='soft_bounce_by_address')],
            },
        ),
    ]
