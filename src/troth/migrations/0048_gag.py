"""A legally required disclosure can be kept from the person while an order forbids telling them."""

from django.db import migrations

ADD = """
update request_case set facts = facts || '{"secret_until": null}'
    where kind = 'disclosure' and not facts ? 'secret_until'
"""
REMOVE = "update request_case set facts = facts - 'secret_until' where kind = 'disclosure'"


class Migration(migrations.Migration):
    dependencies = [
        ("troth", "0047_updates"),
    ]

    operations = [migrations.RunSQL(ADD, REMOVE)]
