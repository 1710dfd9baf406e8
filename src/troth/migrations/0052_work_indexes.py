"""Work lists are counted and put in order by indexes that have all of it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0051_readers'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='case', name='case_by_kind'),
        migrations.RemoveIndex(model_name='case', name='case_by_work'),
        migrations.RemoveIndex(model_name='case', name='case_by_answer'),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['purpose', 'state', 'waits_for', 'due_utc', 'number'], include=('assigned_to',), name='case_by_turn'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['purpose', '-received_utc', 'number'], name='case_by_day'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['purpose', 'state'], name='case_by_state'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state', 'answered')), fields=['answered_utc'], include=('purpose', 'due_utc'), name='case_in_time'),
        ),
    ]
