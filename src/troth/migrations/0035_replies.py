"""Whether the sender of a message by email is verified; snippets; marks by which people are found."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

_GOES_WITH_ITS_VALUE = """
    alter table datum_mark add constraint datum_mark_of_datum
        foreign key (person_id, datum) references datum (person_id, id) on delete cascade
"""

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
        migrations.CreateModel(
            name='Snippet',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('language', models.TextField(default='en')),
                ('words', models.TextField(help_text='With fields in braces.')),
                ('saved_by', models.TextField(help_text='A member of staff.')),
                ('saved_utc', models.DateTimeField()),
            ],
            options={
                'db_table': 'snippet',
                'constraints': [models.UniqueConstraint(fields=('language', 'name'), name='one_snippet_of_a_name')],
            },
        ),
        migrations.CreateModel(
            name='DatumMark',
            fields=[
                ('datum', models.UUIDField(primary_key=True, serialize=False)),
                ('marks', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to='troth.person')),
            ],
            options={
                'db_table': 'datum_mark',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['marks'], name='datum_mark_by_word')],
            },
        ),
        migrations.RunSQL(_GOES_WITH_ITS_VALUE, migrations.RunSQL.noop),
    ]
