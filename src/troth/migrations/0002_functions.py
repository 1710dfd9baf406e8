"""The order of people in bitmaps. The functions themselves are made anew after every migration: records/functions.py."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("troth", "0001_initial")]

    operations = [
        migrations.RunSQL("create sequence person_ordinal minvalue 0 start 0", "drop sequence person_ordinal"),
    ]
