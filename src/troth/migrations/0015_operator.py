"""That mail is held after a backup was restored, since when and why, and who released it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0014_powers'),
    ]

    operations = [
        migrations.CreateModel(
            name='MailHold',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('since_utc', models.DateTimeField()),
                ('why', models.TextField()),
                ('released_utc', models.DateTimeField(null=True)),
                ('released_by', models.TextField(default='')),
            ],
            options={
                'db_table': 'mail_hold',
            },
        ),
    ]
