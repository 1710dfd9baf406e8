"""Authorized agents: their tokens, the bodies they signed, and what they asked for."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0011_organizations'),
    ]

    operations = [
        migrations.CreateModel(
            name='AgentToken',
            fields=[
                ('digest', models.BinaryField(primary_key=True, serialize=False)),
                ('agent', models.TextField()),
                ('made_utc', models.DateTimeField()),
                ('expires_utc', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'agent_token',
            },
        ),
        migrations.CreateModel(
            name='SeenBody',
            fields=[
                ('digest', models.BinaryField(primary_key=True, serialize=False)),
                ('until_utc', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'agent_body',
            },
        ),
        migrations.CreateModel(
            name='AgentRequest',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('agent', models.TextField(db_index=True)),
                ('exercise', models.TextField()),
                ('agent_request_id', models.TextField(default='')),
                ('status_callback', models.TextField(default='')),
                ('received_utc', models.DateTimeField()),
                ('revoked_utc', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='troth.case')),
            ],
            options={
                'db_table': 'agent_request',
            },
        ),
    ]
