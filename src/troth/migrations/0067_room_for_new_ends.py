"""Pages keep room for rows whose ends move with each contact: a row that stays on its page writes no index."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0066_written_by_thousands'),
    ]

    operations = [
        migrations.RunSQL('alter table datum set (fillfactor = 90)', 'alter table datum reset (fillfactor)'),
        migrations.RunSQL('alter table event_time set (fillfactor = 90)', 'alter table event_time reset (fillfactor)'),
    ]
