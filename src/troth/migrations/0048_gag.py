"""A legally required disclosure can be kept from the person while an order forbids telling them."""

from django.db import migrations

ADD = """
update request_case set facts = facts || '{"secret_until": null}'
    where kind = 'disclosure' and not facts ? 'secret_until';
set constraints all immediate;
"""
REMOVE = "update request_case set facts = facts - 'secret_until' where kind = 'disclosure'"
# Each history asks for them, and there are hardly any.
INDEX = "create index case_secret on request_case (id) where facts ->> 'secret_until' is not null"


class Migration(migrations.Migration):
    dependencies = [
        ("troth", "0047_updates"),
    ]

    operations = [migrations.RunSQL(ADD, REMOVE), migrations.RunSQL(INDEX, "drop index case_secret")]
