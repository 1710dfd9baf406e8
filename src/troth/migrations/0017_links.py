"""Mailed secrets say what ended them. Those of people who were erased before open nothing from here on."""

from django.db import migrations, models

SPENT_BEFORE = """
    update proof set spent_by = 'use' where spent_utc is not null;
    update private_link set spent_utc = now(), spent_by = 'erasure'
        where person_id in (select id from person where erased_utc is not null);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0016_console'),
    ]

    operations = [
        migrations.AddField(
            model_name='link',
            name='spent_utc',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='link',
            name='spent_by',
            field=models.TextField(db_default='', default='', help_text='What ended it before its time.'),
        ),
        migrations.AddField(
            model_name='proof',
            name='spent_by',
            field=models.TextField(db_default='', default='', help_text='What ended it before its time.'),
        ),
        migrations.RunSQL(SPENT_BEFORE, migrations.RunSQL.noop),
    ]
