"""What the law says of a class about a purpose, once it was worked out."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0055_goes_with_datum'),
    ]

    operations = [
        migrations.CreateModel(
            name='LawAnswer',
            fields=[
                ('pk', models.CompositePrimaryKey('class_id', 'purpose', 'version', blank=True, editable=False, primary_key=True, serialize=False)),
                ('class_id', models.IntegerField()),
                ('purpose', models.TextField()),
                ('version', models.IntegerField()),
                ('section', models.TextField()),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), help_text='What the version states for the purpose.', size=None)),
                ('codes', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), help_text='Of each of these kinds.', size=None)),
                ('opened', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), help_text='Origins whose data may be used.', size=None)),
            ],
            options={
                'db_table': 'law_answer',
            },
        ),
    ]
