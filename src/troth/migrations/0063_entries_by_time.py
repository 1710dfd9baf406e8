"""A history is counted and put in order by one index that has all it needs of an entry."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0062_announced'),
    ]

    operations = [
        migrations.AddField(
            model_name='entry',
            name='alike',
            field=models.GeneratedField(db_persist=True, expression=models.Func('kind', models.Q(('who', 'person')), 'section', 'purpose', 'version', 'kinds', template='hash_record_extended(row(%(expressions)s), 0)'), help_text='The same for entries that a history has in one line: they differ in time, request and words alone.', output_field=models.BigIntegerField()),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['person', 'at_utc', 'id'], include=('alike', 'request'), name='entry_by_time'),
        ),
    ]
