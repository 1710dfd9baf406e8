"""The work list of privacy requests is called `requests`: saved views of it and changes of many in it go on there."""

from django.db import migrations

_RENAME = """
    update saved_view set work = 'requests' where work = 'cases';
    update bulk_run set work = 'requests' where work = 'cases';
"""


class Migration(migrations.Migration):
    dependencies = [("troth", "0028_classes")]

    operations = [migrations.RunSQL(_RENAME)]
