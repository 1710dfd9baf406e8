"""Drafts and adoptions of the policy, and whom each adopted version was told."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


# What was adopted by an older release is not sent afterwards: everyone would get an email about a policy of long ago.
_FORMER = """
insert into policy_update (id, version, since, pace, state, why)
    select gen_random_uuid(), number, number - 1, 1, 'former', '' from policy_version where number > 1
"""


class Migration(migrations.Migration):

    dependencies = [
        ("troth", "0046_holds"),
    ]

    operations = [
        migrations.CreateModel(
            name='PolicyUpdate',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('version', models.IntegerField(unique=True)),
                ('since', models.IntegerField(help_text='The latest version that everyone was notified of.')),
                ('pace', models.IntegerField(help_text='Emails a day.')),
                ('state', models.TextField(choices=[('reading', 'whom it concerns is being noted'), ('sending', 'Sending'), ('stopped', 'Stopped'), ('sent', 'Sent'), ('superseded', 'a later version asks about the sum'), ('former', 'adopted before updates were sent')])),
                ('why', models.TextField(default='', help_text='Why it was stopped: a code.')),
                ('begun_utc', models.DateTimeField(null=True)),
                ('position', models.UUIDField(help_text='The last person who was noted: it goes on after them.', null=True)),
                ('ended_utc', models.DateTimeField(null=True)),
                ('reminded_utc', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'policy_update',
            },
        ),
        migrations.CreateModel(
            name='PolicyDraft',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('sha256', models.TextField()),
                ('source', models.TextField(help_text='typed, or site: policy.md of the site folder.')),
                ('saved_by', models.TextField(help_text='A member of staff.')),
                ('saved_utc', models.DateTimeField(db_index=True)),
                ('former', models.ForeignKey(help_text='What it was made from.', null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='troth.policydraft')),
            ],
            options={
                'db_table': 'policy_draft',
            },
        ),
        migrations.CreateModel(
            name='Adoption',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('number', models.IntegerField(help_text='The version that it becomes.')),
                ('law', models.JSONField(help_text='The rows of the law that it states, as both people saw them rehearsed.')),
                ('effective', models.DateField()),
                ('effective_utc', models.DateTimeField(help_text='From then on the gate decides by it.')),
                ('declared', models.JSONField(help_text='Section → wording or material: what the first said of changed prose.')),
                ('first_by', models.TextField()),
                ('first_utc', models.DateTimeField()),
                ('second_by', models.TextField(default='')),
                ('second_utc', models.DateTimeField(null=True)),
                ('withdrawn_by', models.TextField(default='')),
                ('withdrawn_utc', models.DateTimeField(null=True)),
                ('adopted_utc', models.DateTimeField(null=True)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to='troth.policydraft')),
            ],
            options={
                'db_table': 'policy_adoption',
            },
        ),
        migrations.CreateModel(
            name='UpdateReader',
            fields=[
                ('pk', models.CompositePrimaryKey('update_id', 'person_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('address_key', models.BinaryField(help_text='Keyed hash: equal for equal addresses.', null=True)),
                ('way', models.TextField(help_text="email; shared: another person there gets it; visit: no address works.")),
                ('asks', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), help_text='Questions, in order.', size=None)),
                ('facts', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), help_text='Purposes of which they are notified without a question.', size=None)),
                ('bundle', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, help_text='Questions of all at the address.', size=None)),
                ('day', models.IntegerField(db_default=0, default=0, help_text='On which day of the sending, by its pace.')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to='troth.person')),
                ('update', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='troth.policyupdate')),
            ],
            options={
                'db_table': 'policy_update_reader',
                'indexes': [models.Index(fields=['update', 'way', 'address_key'], name='update_readers_by_way')],
            },
        ),
        migrations.RunSQL(_FORMER, migrations.RunSQL.noop),
    ]
