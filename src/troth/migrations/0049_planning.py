"""Emails planned for many: fewer checks for each row.

The person's key is known to exist, for persons are never deleted, and its check locked the row of each reader. Once a
request is what the id of an email of many says already, because it is made of what it is about and its reader.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0048_gag'),
    ]

    operations = [
        migrations.AlterField(
            model_name='queuedemail',
            name='person',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.RESTRICT, to='troth.person'),
        ),
        migrations.RemoveConstraint(
            model_name='queuedemail',
            name='letter_once_a_request',
        ),
        migrations.AddConstraint(
            model_name='queuedemail',
            constraint=models.UniqueConstraint(condition=models.Q(('batch__isnull', True)), fields=('request', 'template', 'to'), name='letter_once_a_request'),
        ),
    ]
