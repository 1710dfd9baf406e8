"""An update says since which version it asks: another one than since which it tells, where all heard of one since."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0064_counted_alarms'),
    ]

    operations = [
        migrations.AddField(
            model_name='policyupdate',
            name='asks_since',
            field=models.IntegerField(default=0, help_text='Questions of later versions are asked: the sum of what was still being asked.'),
            preserve_default=False,
        ),
        migrations.RunSQL('update policy_update set asks_since = since', migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='policydraft',
            name='source',
            field=models.TextField(help_text='typed, terminal, or site: policy.md of the site folder.'),
        ),
    ]
