"""A person's requests are found in the order of their pages."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0059_update_readers'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='case', name='case_by_person'),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['person', 'received_utc'], name='case_of_person'),
        ),
    ]
