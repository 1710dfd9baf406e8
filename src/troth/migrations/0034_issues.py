"""Issues of newsletters, their editions, and whom each is sent to."""

import django.db.models.deletion
from django.db import migrations, models

class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0033_newsletters'),
    ]

    operations = [
        migrations.CreateModel(
            name='Issue',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('topic', models.TextField()),
                ('language', models.TextField(default='en')),
                ('slug', models.TextField(db_index=True, default='', help_text='Its address in the archive, once it is sent.')),
                ('subject', models.TextField()),
                ('text', models.TextField(help_text='Markdown with blocks.')),
                ('edition', models.IntegerField(default=1)),
                ('segment', models.JSONField(help_text="Which of the topic's readers; all without one.", null=True)),
                ('state', models.TextField(choices=[('draft', 'Draft'), ('scheduled', 'Scheduled'), ('sending', 'Sending'), ('stopped', 'Stopped'), ('sent', 'Sent')], default='draft')),
                ('saved_by', models.TextField(help_text='A member of staff.')),
                ('saved_utc', models.DateTimeField()),
                ('scheduled_utc', models.DateTimeField(null=True)),
                ('begun_utc', models.DateTimeField(null=True)),
                ('ended_utc', models.DateTimeField(null=True)),
                ('why', models.TextField(default='', help_text='Why it was stopped: a code.')),
                ('audience', models.IntegerField(default=0, help_text='Readers of the topic when it was sent.')),
                ('figures', models.JSONField(help_text='The report, once it is final.', null=True)),
            ],
            options={
                'db_table': 'newsletter_issue',
            },
        ),
        migrations.CreateModel(
            name='IssueEdition',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('edition', models.IntegerField()),
                ('subject', models.TextField()),
                ('text', models.TextField()),
                ('saved_by', models.TextField(help_text='A member of staff.')),
                ('saved_utc', models.DateTimeField()),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editions', to='troth.issue')),
            ],
            options={
                'db_table': 'newsletter_edition',
                'constraints': [models.UniqueConstraint(fields=('issue', 'edition'), name='one_text_an_edition')],
            },
        ),
        migrations.CreateModel(
            name='IssueRecipient',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('address_key', models.BinaryField(help_text='Keyed hash: equal for equal addresses.')),
                ('email', models.UUIDField(help_text='The queued email; empty until it is queued.', null=True)),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='troth.issue')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to='troth.person')),
            ],
            options={
                'db_table': 'newsletter_recipient',
                'constraints': [models.UniqueConstraint(fields=('issue', 'address_key'), name='one_issue_an_address')],
            },
        ),
    ]
