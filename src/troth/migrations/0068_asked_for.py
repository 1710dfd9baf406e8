"""A request has the member of staff who asks a colleague to hand it over."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0067_room_for_new_ends'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='asked_by',
            field=models.TextField(db_default='', default='', help_text='User name of who asks to be handed it.'),
        ),
    ]
