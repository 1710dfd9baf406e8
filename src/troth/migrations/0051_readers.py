"""Whom a version concerns: noted without a check that locks the row of each person. Persons are never deleted."""

import django.db.models.deletion
from django.db import migrations, models

# What is being noted starts anew: a person is noted with the day and the questions of their email now.
_ANEW = """
delete from policy_update_reader r using policy_update u where u.id = r.update_id and u.state = 'reading';
update policy_update set position = null where state = 'reading';
set constraints all immediate;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0050_translations'),
    ]

    operations = [
        migrations.AlterField(
            model_name='updatereader',
            name='person',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.RESTRICT, to='troth.person'),
        ),
        migrations.RunSQL(_ANEW, migrations.RunSQL.noop),
    ]
