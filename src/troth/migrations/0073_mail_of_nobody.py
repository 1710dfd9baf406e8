"""Email that is nobody's yet is found by the address that it names, and goes with the data of who has it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0072_password_time'),
    ]

    operations = [
        migrations.AddField(
            model_name='keptmail',
            name='sender',
            field=models.BinaryField(help_text="Index of whose address it names, while it is nobody's.", null=True),
        ),
        migrations.AddIndex(
            model_name='keptmail',
            index=models.Index(condition=models.Q(('person', None)), fields=['sender'], name='kept_mail_by_sender'),
        ),
    ]
