"""Which classes of people a purpose may reach, once it was worked out."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0070_answers_name_origins'),
    ]

    operations = [
        migrations.CreateModel(
            name='LawReach',
            fields=[
                ('pk', models.CompositePrimaryKey('version', 'purpose', 'kind', 'choice', blank=True, editable=False, primary_key=True, serialize=False)),
                ('version', models.IntegerField()),
                ('purpose', models.TextField()),
                ('kind', models.TextField()),
                ('choice', models.TextField(help_text='The choice of these people; the same for all, or by region.')),
                ('until', models.IntegerField(help_text='The last class that was asked about.')),
                ('classes', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), help_text='Which of them may be reached, where these are few.', size=None)),
                ('bits', models.BinaryField(help_text='The same of many, a bit for each.', null=True)),
            ],
            options={
                'db_table': 'law_reach',
            },
        ),
    ]
