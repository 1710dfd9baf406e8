"""A request says itself what two of the staff agree to: the database reads no kind of request by its name."""

from django.db import migrations, models

MOVED = """
    update request_case set approves = case when kind = 'erasure' then 'erase' when kind = 'disclosure' then 'disclose'
        else 'export' end where kind in ('erasure', 'disclosure', 'access', 'copy');
    update case_approval set what = case what when 'erasure' then 'erase' else 'disclose' end
        where what in ('erasure', 'disclosure');
    update case_event set words = case words when 'erasure' then 'erase' else 'disclose' end
        where what = 'approved' and words in ('erasure', 'disclosure');
    update private_link set spent_by = 'erased' where spent_by = 'erasure';
    update proof set spent_by = 'erased' where spent_by = 'erasure';
    set constraints all immediate;
"""


class Migration(migrations.Migration):
    dependencies = [("troth", "0023_topics")]

    operations = [
        migrations.AddField(
            "case",
            "approves",
            models.TextField(default="", help_text="What two of the staff agree to: erase, disclose or export."),
        ),
        migrations.RunSQL(MOVED, migrations.RunSQL.noop),
    ]
