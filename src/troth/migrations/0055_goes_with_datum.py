"""Marks and files go with their datum by one trigger a statement; foreign keys looked for both row by row."""

from django.db import migrations

_RULES = """
    alter table datum_mark drop constraint datum_mark_of_datum;
    alter table stored_file drop constraint stored_file_of_datum;
"""


class Migration(migrations.Migration):
    dependencies = [("troth", "0054_serving")]

    operations = [migrations.RunSQL(_RULES, migrations.RunSQL.noop)]
