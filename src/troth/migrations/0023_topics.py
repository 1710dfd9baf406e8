"""Topics of a purpose: which ones a version states, the answers to them by an index, and the topic of an email."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0022_files'),
    ]

    operations = [
        migrations.AddField('lawpurpose', 'topics', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], help_text='Their ids; * where the site lists them.', size=None)),
        migrations.AddField('queuedemail', 'topic', models.TextField(db_default='', default='', help_text='Of the purpose; a no to it holds the email back.')),
        # Only answers to topics stand in it: nobody else pays for them.
        migrations.RunSQL(
            "create index choice_by_topic on choice (question, person_id, chosen_utc desc, id desc) include (yes)"
            " where question like '%/%'",
            migrations.RunSQL.noop,
        ),
    ]
