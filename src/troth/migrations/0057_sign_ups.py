"""Sign-ups that are confirmed by email, also for notices about the policy."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0056_answers'),
    ]

    operations = [
        migrations.AddField(
            model_name='signup',
            name='purpose',
            field=models.TextField(db_default='newsletter', default='newsletter'),
        ),
        migrations.AlterField(
            model_name='signup',
            name='topic',
            field=models.TextField(default='', help_text='Of the purpose; empty for the purpose as a whole.'),
        ),
        migrations.AlterField(
            model_name='updatereader',
            name='way',
            field=models.TextField(
                help_text='email; notice: as a subscriber; shared: another there gets it; visit: no address.'
            ),
        ),
    ]
