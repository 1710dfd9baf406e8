"""A message's request is found by the index alone: a search asks it of thousands of messages."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0060_cases_of_people'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='casemessage',
            index=models.Index(fields=['id'], include=('case',), name='message_in_case'),
        ),
    ]
