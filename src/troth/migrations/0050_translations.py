"""Translations of adopted versions."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0049_planning'),
    ]

    operations = [
        migrations.CreateModel(
            name='PolicyTranslation',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('version', models.IntegerField()),
                ('language', models.TextField()),
                ('text', models.TextField()),
                ('sha256', models.TextField()),
                ('of_sha256', models.TextField(help_text='The hash of the text that it translates.')),
                ('first_by', models.TextField()),
                ('first_utc', models.DateTimeField()),
                ('second_by', models.TextField(db_default='', help_text='Empty where the owner adopted it at the terminal.')),
                ('adopted_utc', models.DateTimeField(null=True)),
                ('withdrawn_by', models.TextField(db_default='')),
                ('withdrawn_utc', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'policy_translation',
                'indexes': [models.Index(fields=['version', 'language'], name='policy_translation_of')],
            },
        ),
    ]
