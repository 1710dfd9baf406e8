"""What was said of an incident's step is stored as `text`, which is what the program calls it."""

from django.db import migrations

RENAMED = """
    update request_case set facts = replace(facts::text, '"words": ', '"text": ')::jsonb
        where kind = 'incident' and facts::text like '%"words": %';
    set constraints all immediate;
"""


class Migration(migrations.Migration):
    dependencies = [("troth", "0025_owned")]

    operations = [migrations.RunSQL(RENAMED, migrations.RunSQL.noop)]
