"""What isn't done is counted by an index that has its alarms, too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0063_entries_by_time'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='case', name='case_by_turn'),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['purpose', 'state', 'waits_for', 'due_utc', 'number'], include=('assigned_to', 'alarm'), name='case_by_turn'),
        ),
    ]
