"""Files in a store of their own: a row for each, which goes with the value or the prepared file that names it."""

import django.db.models.deletion
from django.db import migrations, models

_RULES = """
alter table stored_file add constraint stored_file_has_one_owner check (num_nonnulls(datum, prepared) = 1);
alter table stored_file add constraint stored_file_of_datum foreign key (person_id, datum)
    references datum (person_id, id) on delete cascade deferrable initially deferred;
alter table stored_file add constraint stored_file_of_prepared foreign key (prepared)
    references prepared_file (id) on delete cascade deferrable initially deferred;
create index stored_file_by_datum on stored_file (person_id, datum) where datum is not null;
create index stored_file_by_prepared on stored_file (prepared) where prepared is not null;
"""


class Migration(migrations.Migration):

    dependencies = [("troth", "0021_emails")]

    operations = [
        # They last an hour and are made again by whoever still wants one.
        migrations.RunSQL("delete from prepared_file where hidden is not null", migrations.RunSQL.noop),
        migrations.RemoveField('preparedfile', 'hidden'),
        migrations.AddField('preparedfile', 'key', models.BinaryField(help_text="The stored file's key, sealed by the master key for this file.", null=True)),
        migrations.AlterField('preparedfile', 'form', models.TextField(help_text='json, pdf, zip or csv.')),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('datum', models.UUIDField(help_text='The value that names it and holds its key.', null=True)),
                ('prepared', models.UUIDField(help_text='The prepared file that it is the content of.', null=True)),
                ('stored', models.BigIntegerField(help_text='Bytes on the disk, encrypted.')),
                ('digest', models.TextField(help_text='SHA-256 of those bytes.')),
                ('kept_utc', models.DateTimeField()),
                ('person', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='troth.person')),
            ],
            options={
                'db_table': 'stored_file',
            },
        ),
        migrations.RunSQL(_RULES, migrations.RunSQL.noop),
    ]
