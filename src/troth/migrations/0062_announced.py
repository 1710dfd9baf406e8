"""An announced version has its update before it is in force; one that is withdrawn leaves its number to another."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0061_message_in_case'),
    ]

    operations = [
        migrations.AddField(
            model_name='policyupdate',
            name='awaits',
            field=models.UUIDField(help_text='The adoption that it announces, until that is in force.', null=True),
        ),
        migrations.AlterField(
            model_name='policyupdate',
            name='version',
            field=models.IntegerField(help_text='One of them is not withdrawn.'),
        ),
        migrations.AlterField(
            model_name='policyupdate',
            name='state',
            field=models.TextField(choices=[('reading', 'whom it concerns is being noted'), ('sending', 'Sending'), ('stopped', 'Stopped'), ('sent', 'Sent'), ('superseded', 'a later version asks about the sum'), ('former', 'adopted before updates were sent'), ('withdrawn', 'announced, and withdrawn before it took effect')]),
        ),
        migrations.AddConstraint(
            model_name='policyupdate',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('version',), name='one_update_of_a_version'),
        ),
        migrations.AddField(
            model_name='updatereader',
            name='early_yes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, help_text='Answered before it took effect.', size=None),
        ),
        migrations.AddField(
            model_name='updatereader',
            name='early_no',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None),
        ),
    ]
