"""What staff and the program did, by whom a request was noted as answered, and letters that wait for a mail server."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0015_operator'),
    ]

    operations = [
        migrations.CreateModel(
            name='Act',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at_utc', models.DateTimeField(db_index=True)),
                ('who', models.TextField(help_text='As in the ledger: staff:ines, terminal:root, program:work.')),
                ('what', models.TextField(help_text='A code.')),
                ('about', models.TextField(help_text='What it was done to: a list, or a kind and an id.')),
                ('words', models.TextField(default='', help_text='How many, or why: never a value of anybody.')),
            ],
            options={
                'db_table': 'act',
                'indexes': [models.Index(fields=['about', 'what'], name='act_by_about')],
            },
        ),
        migrations.AddField('letter', 'next_try_utc', models.DateTimeField(null=True)),
        migrations.AddField('letter', 'waiting_since_utc', models.DateTimeField(help_text='When the mail server first said: later.', null=True)),
        migrations.AlterField('letter', 'state', models.TextField(choices=[('queued', 'Queued'), ('claimed', 'Claimed'), ('waiting', 'Waiting'), ('sent', 'Sent'), ('held', 'Held'), ('failed', 'Failed')], default='queued')),
        migrations.AlterField('letter', 'why', models.TextField(default='', help_text="The law's code if held, the mail server's if waiting or failed.")),
        migrations.AddField('quoterequest', 'answered_utc', models.DateTimeField(null=True)),
        migrations.AddField('quoterequest', 'answered_by', models.TextField(default='', help_text='Who noted it, as in the ledger; empty in older rows.')),
        migrations.AddField('inquiry', 'answered_utc', models.DateTimeField(null=True)),
        migrations.AddField('inquiry', 'answered_by', models.TextField(default='', help_text='Who noted it, as in the ledger; empty in older rows.')),
        migrations.AddField('user', 'policy_seen', models.IntegerField(default=0, db_default=0, help_text='The newest version of the policy that the owner opened.')),
        migrations.CreateModel(
            name='PreparedFile',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('owner', models.TextField()),
                ('form', models.TextField(help_text='json, pdf or csv.')),
                ('name', models.TextField(help_text='Under which it is saved.')),
                ('subject', models.UUIDField(help_text='The case that it is about.')),
                ('who', models.TextField()),
                ('reason', models.TextField()),
                ('asked_utc', models.DateTimeField()),
                ('ready_utc', models.DateTimeField(null=True)),
                ('hidden', models.BinaryField(help_text='Sealed by the master key for this file.', null=True)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='troth.person')),
            ],
            options={
                'db_table': 'prepared_file',
                'indexes': [models.Index(fields=['owner', 'form'], name='prepared_by_owner')],
            },
        ),
    ]
