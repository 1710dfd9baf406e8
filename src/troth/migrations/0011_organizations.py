"""Roles in organizations, requests to join, invitations, and what members share."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0010_pauses'),
    ]

    operations = [
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('role', models.TextField()),
                ('invited_by', models.UUIDField()),
                ('state', models.TextField(help_text='open, accepted, declined, withdrawn or expired.')),
                ('sent_utc', models.DateTimeField()),
                ('expires_utc', models.DateTimeField()),
                ('ended_utc', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'invitation',
            },
        ),
        migrations.CreateModel(
            name='JoinRequest',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('state', models.TextField(help_text='asked, agreed, refused or withdrawn.')),
                ('asked_utc', models.DateTimeField()),
                ('decided_utc', models.DateTimeField(null=True)),
                ('decided_by', models.UUIDField(null=True)),
            ],
            options={
                'db_table': 'join_request',
            },
        ),
        migrations.CreateModel(
            name='SharedFact',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.RESTRICT, primary_key=True, serialize=False, to='troth.person')),
                ('by_person', models.UUIDField()),
                ('since_utc', models.DateTimeField()),
            ],
            options={
                'db_table': 'shared_fact',
            },
        ),
        migrations.AddField(
            model_name='membership',
            name='role',
            field=models.TextField(null=True),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ('admin', 'member', 'viewer'))), name='membership_role'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('role__isnull', False)), fields=('person',), name='membership_of_one_organization'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to='troth.organization'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to='troth.person'),
        ),
        migrations.AddField(
            model_name='joinrequest',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to='troth.organization'),
        ),
        migrations.AddField(
            model_name='joinrequest',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to='troth.person'),
        ),
        migrations.AddField(
            model_name='sharedfact',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to='troth.organization'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ('admin', 'member', 'viewer'))), name='invitation_role'),
        ),
    ]
