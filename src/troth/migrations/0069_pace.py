"""A sending to many has a pace, which a member of staff chooses for an issue."""

from django.db import migrations, models


def _pace(model: str) -> migrations.AddField:
    return migrations.AddField(
        model_name=model,
        name='pace',
        field=models.IntegerField(db_default=0, default=0, help_text='Emails an hour; 0: as fast as they leave.'),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0068_asked_for'),
    ]

    operations = [_pace('emailbatch'), _pace('issue')]
