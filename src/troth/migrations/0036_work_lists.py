"""Indexes for lists of a hundred thousand requests: who has which, and which were answered lately."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0035_replies'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['purpose', 'state', 'assigned_to', 'waits_for', 'due_utc'], name='case_by_work'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state', 'answered')), fields=['answered_utc'], name='case_by_answer'),
        ),
    ]
