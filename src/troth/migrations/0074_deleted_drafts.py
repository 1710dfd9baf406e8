"""A draft of an issue that was deleted is kept out of sight for an hour, so that this can be undone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0073_mail_of_nobody'),
    ]

    operations = [
        migrations.AlterField(
            model_name='issue',
            name='state',
            field=models.TextField(choices=[('draft', 'Draft'), ('review', 'Review'), ('scheduled', 'Scheduled'), ('sending', 'Sending'), ('stopped', 'Stopped'), ('sent', 'Sent'), ('deleted', 'Deleted')], default='draft'),
        ),
    ]
