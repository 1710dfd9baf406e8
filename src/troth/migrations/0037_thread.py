"""Messages about a request, drafts, marks of words; support cases; whose turn a request waits for."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

_FIRST = """
    insert into case_message (id, case_id, at_utc, who, way, words)
    select gen_random_uuid(), c.id, d.collected_utc, 'person', 'form', d.id
    from request_case c join datum d on d.person_id = c.person_id and d.request = c.id
    where d.kind = 'note' and d.removed_utc is null and c.manner in ('form', 'account')
"""
"""What older requests were sent with is their first message."""


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0029_requests'),
    ]

    operations = [
        migrations.CreateModel(
            name='SupportCase',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.RESTRICT, parent_link=True, primary_key=True, related_name='support', serialize=False, to='troth.case')),
                ('place', models.TextField(help_text='Where it came in, e.g. form.support.')),
                ('version', models.IntegerField()),
                ('product', models.TextField(default='')),
                ('release', models.TextField(default='', help_text='The release in use, as it was typed.')),
                ('priority', models.TextField(default='normal')),
                ('rating', models.TextField(default='')),
                ('rated_utc', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'support_case',
            },
            bases=('troth.case',),
        ),
        migrations.AddField(
            model_name='case',
            name='waits_for',
            field=models.TextField(db_default='', default='', help_text='Whose turn it is, where it isn’t ours: person, later.'),
        ),
        migrations.AddField(
            model_name='case',
            name='waits_until_utc',
            field=models.DateTimeField(help_text='Until when nobody has to answer.', null=True),
        ),
        migrations.CreateModel(
            name='CaseMessage',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('at_utc', models.DateTimeField()),
                ('who', models.TextField(help_text='As in the ledger: person, or staff:<user name>.')),
                ('way', models.TextField(choices=[('form', 'form'), ('page', 'page'), ('email', 'email'), ('phone', 'phone'), ('visit', 'visit'), ('post', 'post'), ('console', 'console')])),
                ('words', models.UUIDField(help_text='The datum that has them; without one they are gone.', null=True)),
                ('files', models.UUIDField(help_text='The datum that names what was attached.', null=True)),
                ('leaves_utc', models.DateTimeField(help_text='Of an answer: until then it can be undone.', null=True)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='messages', to='troth.case')),
                ('first', models.ForeignKey(help_text='The request that it came with, of a merged one.', null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='troth.case')),
            ],
            options={
                'db_table': 'case_message',
                'ordering': ['at_utc', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ReplyDraft',
            fields=[
                ('pk', models.CompositePrimaryKey('case_id', 'who', blank=True, editable=False, primary_key=True, serialize=False)),
                ('who', models.TextField()),
                ('words', models.BinaryField(help_text='Encrypted for this request and this member of staff.')),
                ('saved_utc', models.DateTimeField()),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='drafts', to='troth.case')),
            ],
            options={
                'db_table': 'reply_draft',
            },
        ),
        migrations.CreateModel(
            name='WordMark',
            fields=[
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='marked', serialize=False, to='troth.casemessage')),
                ('marks', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                'db_table': 'word_mark',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['marks'], name='word_mark_by_word')],
            },
        ),
        migrations.AddIndex(
            model_name='casemessage',
            index=models.Index(fields=['case', 'at_utc'], name='message_by_case'),
        ),
        migrations.AlterField('case', 'manner', models.TextField(choices=[('form', 'form'), ('account', 'account'), ('link', 'link'), ('agent', 'agent'), ('post', 'post'), ('phone', 'phone'), ('visit', 'visit'), ('email', 'email'), ('program', 'program'), ('staff', 'staff')])),
        migrations.RunSQL(_FIRST, migrations.RunSQL.noop),
    ]
