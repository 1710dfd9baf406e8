"""Choices by region: what each version gives to which, and where the people of a cohort live."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0052_work_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='cohort',
            name='region',
            field=models.TextField(db_default='', help_text="As `policy.regions` names it; empty where it isn't known."),
        ),
        migrations.AlterField(
            model_name='cohort',
            name='fingerprint',
            field=models.BinaryField(help_text='SHA-256 of the region and the array as text.', unique=True),
        ),
        migrations.AddField(
            model_name='lawpurpose',
            name='choices',
            field=models.JSONField(help_text='Region → choice, empty: unknown; null where all have the same.', null=True),
        ),
        migrations.AlterField(
            model_name='lawpurpose',
            name='choice',
            field=models.TextField(help_text='The strictest, where people of different regions have different ones.'),
        ),
        migrations.AddField(
            model_name='lawkept',
            name='place',
            field=models.TextField(help_text='country or state, of a kind that says where people live; or empty.', null=True),
        ),
    ]
