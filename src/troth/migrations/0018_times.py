"""When something happened from which data are kept so long, and how long each version keeps what. `prepare` fills them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0017_links'),
    ]

    operations = [
        migrations.CreateModel(
            name='EventTime',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'event', 'object', blank=True, editable=False, primary_key=True, serialize=False)),
                ('event', models.TextField(help_text='request, last contact, account or license period; collection is in the datum.')),
                ('object', models.UUIDField(help_text="The request, the account's own person, the license; of a contact, she herself.")),
                ('at_utc', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, to='troth.person')),
            ],
            options={
                'db_table': 'event_time',
            },
        ),
        migrations.CreateModel(
            name='LawKept',
            fields=[
                ('pk', models.CompositePrimaryKey('kind', 'version_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('number', models.IntegerField()),
                ('unit', models.TextField()),
                ('after', models.TextField()),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, to='troth.policyversion')),
            ],
            options={
                'db_table': 'law_kept',
            },
        ),
        migrations.AddField(
            model_name='policyversion',
            name='reckons',
            field=models.BooleanField(db_default=False, help_text='Its times have not reached all stored data yet.'),
        ),
        migrations.AlterField(
            model_name='datum',
            name='kept_until_utc',
            field=models.DateTimeField(help_text='As the function kept_until says; written by reckon.', null=True),
        ),
    ]
