"""Views of lists that staff save, and changes of many requests at once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0026_said'),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkRun',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('work', models.TextField(help_text='Name of the list.')),
                ('act', models.TextField(help_text='A code.')),
                ('typed', models.JSONField(help_text="What staff typed into the act's fields, about the work.")),
                ('numbers', models.JSONField(help_text='The requests in the order in which they are changed.')),
                ('position', models.IntegerField(default=0)),
                ('failed', models.JSONField(default=list, help_text='Number of a request, and the sentence that says why.')),
                ('query', models.TextField(help_text="The list's filters, to lead back.")),
                ('begun_utc', models.DateTimeField(db_index=True)),
                ('ended_utc', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'bulk_run',
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('work', models.TextField(help_text='Name of the list.')),
                ('name', models.TextField()),
                ('query', models.TextField(help_text="The filters as the list's address has them.")),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'saved_view',
                'constraints': [models.UniqueConstraint(fields=('user', 'work', 'name'), name='one_view_of_a_name')],
            },
        ),
    ]
