"""Times that purposes have of their own, and which of them are over."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0057_sign_ups'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='origin',
            name='origin_once',
        ),
        migrations.AddField(
            model_name='lawuse',
            name='kept_after',
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name='lawuse',
            name='kept_number',
            field=models.IntegerField(help_text='How long, where that is shorter than the kind is kept.', null=True),
        ),
        migrations.AddField(
            model_name='lawuse',
            name='kept_unit',
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name='origin',
            name='ended',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], help_text='Purposes whose own time for it is over.', size=None),
        ),
        migrations.AlterField(
            model_name='origin',
            name='expired',
            field=models.BooleanField(help_text='Whether its retention period is over.'),
        ),
        migrations.AddIndex(
            model_name='lawuse',
            index=models.Index(condition=models.Q(('kept_number__isnull', False)), fields=['kind', 'channel', 'purpose'], name='law_use_timed'),
        ),
        migrations.AddConstraint(
            model_name='origin',
            constraint=models.UniqueConstraint(fields=('kind', 'channel', 'version', 'expired', 'ended'), name='origin_once'),
        ),
    ]
