"""Requests with a clock, and the links that are mailed for them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0008_link_powers'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseNumber',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
            ],
            options={
                'db_table': 'case_number',
            },
        ),
        migrations.AlterField(
            model_name='link',
            name='power',
            field=models.TextField(choices=[('masked', 'masked'), ('full', 'full'), ('choices', 'choices'), ('unsubscribe', 'unsubscribe'), ('case', 'case')]),
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('number', models.TextField(unique=True)),
                ('kind', models.TextField()),
                ('account', models.BigIntegerField(help_text='Whose sign-in proved the person.', null=True)),
                ('state', models.TextField(choices=[('unverified', 'unverified'), ('open', 'open'), ('answered', 'answered'), ('denied', 'denied'), ('withdrawn', 'withdrawn')])),
                ('manner', models.TextField(choices=[('form', 'form'), ('account', 'account'), ('link', 'link'), ('agent', 'agent'), ('post', 'post'), ('phone', 'phone'), ('email', 'email'), ('program', 'program'), ('staff', 'staff')])),
                ('regime', models.TextField(help_text='Whose clock runs: policy, ccpa, civil code 1798.83.')),
                ('business', models.BooleanField(default=False, help_text='Asked by somebody as the contact of a business.')),
                ('received_utc', models.DateTimeField(db_index=True)),
                ('confirm_utc', models.DateTimeField(help_text='By when it must be confirmed.', null=True)),
                ('notice_utc', models.DateTimeField(help_text='When she is told the problem and the next steps, if unanswered.')),
                ('due_utc', models.DateTimeField()),
                ('law_utc', models.DateTimeField(help_text="The statute's own end.")),
                ('verified_utc', models.DateTimeField(null=True)),
                ('confirmed_utc', models.DateTimeField(null=True)),
                ('noticed_utc', models.DateTimeField(null=True)),
                ('extended_utc', models.DateTimeField(null=True)),
                ('extended_why', models.TextField(default='')),
                ('reminded', models.IntegerField(default=0, help_text='The last reminder, in percent of the time.')),
                ('answered_utc', models.DateTimeField(null=True)),
                ('nature', models.TextField(default='', help_text='Nature of the answer: a code.')),
                ('basis', models.TextField(default='', help_text='Why it was denied: a code or a section.')),
                ('assigned_to', models.TextField(default='', help_text='User name of the member of staff.')),
                ('facts', models.JSONField(default=dict, help_text='Ids and codes only.')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='troth.person')),
            ],
            options={
                'db_table': 'request_case',
            },
        ),
        migrations.CreateModel(
            name='CaseApproval',
            fields=[
                ('pk', models.CompositePrimaryKey('case_id', 'what', 'who', blank=True, editable=False, primary_key=True, serialize=False)),
                ('what', models.TextField()),
                ('who', models.TextField()),
                ('at_utc', models.DateTimeField()),
                ('transaction', models.BigIntegerField(help_text='What it permits happens in a later one.')),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='approvals', to='troth.case')),
            ],
            options={
                'db_table': 'case_approval',
            },
        ),
        migrations.CreateModel(
            name='CaseEvent',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('at_utc', models.DateTimeField()),
                ('who', models.TextField()),
                ('what', models.TextField()),
                ('words', models.TextField(default='')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='events', to='troth.case')),
            ],
            options={
                'db_table': 'case_event',
                'ordering': ['at_utc', 'id'],
            },
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['state', 'due_utc'], name='case_by_due'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['person', 'kind'], name='case_by_person'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['account', 'kind'], name='case_by_account'),
        ),
    ]
