"""Readers of an update point to it unchecked: a check each took longer than the row."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0058_use_times'),
    ]

    operations = [
        migrations.AlterField(
            model_name='updatereader',
            name='update',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, to='troth.policyupdate'),
        ),
    ]
