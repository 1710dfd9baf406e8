"""The functions through which alone the application's role reaches people."""

from pathlib import Path

from django.db import migrations

_SRC = Path(__file__).parent.parent

def _sql(path: str) -> str:
    return (_SRC / path).read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("troth", "0001_initial")]

    operations = [
        migrations.RunSQL("create sequence person_ordinal minvalue 0 start 0", "drop sequence person_ordinal"),
        migrations.RunSQL(_sql("records/sql/functions.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(_sql("gate/sql/law.sql"), migrations.RunSQL.noop),
    ]
