"""Who else got an email about a request."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0040_settings'),
    ]

    operations = [
        migrations.CreateModel(
            name='MessageCopy',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('sealed', models.BinaryField(help_text='Name and address.')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='copies', to='troth.casemessage')),
            ],
            options={
                'db_table': 'message_copy',
            },
        ),
    ]
