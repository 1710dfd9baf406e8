"""What the law says of a class names the origins that it opens, and says whether its purpose has times of its own."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0069_pace'),
    ]

    operations = [
        # Each start empties it anyway, for a newer program may work out something else.
        migrations.RunSQL('delete from law_answer', 'delete from law_answer'),
        migrations.RemoveField(model_name='lawanswer', name='opened'),
        migrations.AddField(
            model_name='lawanswer',
            name='opened',
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                help_text='Names of origins that it opens: kind, channel, version.',
                size=None,
            ),
        ),
        migrations.AddField(
            model_name='lawanswer',
            name='timed',
            field=models.BooleanField(help_text='Whether the purpose has times of its own.'),
        ),
    ]
