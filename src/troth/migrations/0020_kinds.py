"""Quotes and messages are kinds of requests: their common columns move into request_case, what is their own stays."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

MOVED = """
    insert into request_case (
        id, number, kind, purpose, queue, person_id, shared, state, manner, regime, business, received_utc, due_utc,
        extended_why, reminded, answered_utc, answered_by, nature, basis, denial, joined, callback, assigned_to, alarm, facts)
    select q.id, q.number, 'quote', 'quotes', 'staff.sales', q.person_id, false,
           case q.state when 'received' then 'received' when 'answered' then 'answered' when 'refused' then 'denied'
                        when 'erased' then 'withdrawn' else 'open' end,
           'form', '', false, q.received_utc, q.due_utc, '', 0, q.answered_utc, q.answered_by,
           case q.state when 'answered' then 'complied' when 'refused' then 'refused' when 'erased' then 'erased' else '' end,
           '', '', '', false, '',
           case q.state when 'routed' then '' when 'queued' then coalesce(nullif(q.alarm, ''), q.why) else q.alarm end, '{}'
    from quote_request q;
    insert into request_case (
        id, number, kind, purpose, queue, person_id, shared, state, manner, regime, business, received_utc, due_utc,
        extended_why, reminded, answered_utc, answered_by, nature, basis, denial, joined, callback, assigned_to, alarm, facts)
    select i.id, i.number, 'inquiry', 'inquiries', i.queue, i.person_id, false,
           case i.state when 'received' then 'received' when 'answered' then 'answered' when 'refused' then 'denied'
                        when 'erased' then 'withdrawn' else 'open' end,
           'form', '', false, i.received_utc, i.due_utc, '', 0, i.answered_utc, i.answered_by,
           case i.state when 'answered' then 'complied' when 'refused' then 'refused' when 'erased' then 'erased' else '' end,
           '', '', '', false, '', i.alarm, '{}'
    from inquiry i;
    update request_case c set organization_id = f.organization_id, shared = true from shared_fact f
        where c.person_id = f.person_id and c.purpose <> 'rights';
    set constraints all immediate;

    alter table quote_request rename column id to case_id;
    alter table quote_request_pkey rename column id to case_id;
    alter table quote_request
        drop column number, drop column person_id, drop column state, drop column received_utc, drop column due_utc,
        drop column answered_utc, drop column answered_by, drop column alarm,
        add constraint quote_request_case foreign key (case_id) references request_case (id) deferrable initially deferred;
    alter table inquiry rename column id to case_id;
    alter table inquiry_pkey rename column id to case_id;
    alter table inquiry
        drop column number, drop column person_id, drop column state, drop column queue, drop column received_utc,
        drop column due_utc, drop column answered_utc, drop column answered_by, drop column alarm,
        add constraint inquiry_case foreign key (case_id) references request_case (id) deferrable initially deferred;

    select setval(pg_get_serial_sequence('case_number', 'id'), greatest(
        (select coalesce(max(id), 0) from quote_number), (select coalesce(max(id), 0) from inquiry_number),
        (select coalesce(max(id), 0) from case_number)) + 1, false);
    drop table quote_number;
    drop table inquiry_number;
"""
"""A queued quote says why nobody could be chosen; where an old row does not, why it went to our staff stands for it.
One row of numbers goes on behind the highest of the three. The column of an index keeps its name unless it is told, and
a restored backup would differ."""


def of_the_case(name):
    return models.OneToOneField(
        on_delete=django.db.models.deletion.RESTRICT,
        parent_link=True,
        primary_key=True,
        related_name=name,
        serialize=False,
        to="troth.case",
    )


class Migration(migrations.Migration):
    dependencies = [("troth", "0019_cases")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MOVED)],
            state_operations=[
                migrations.DeleteModel("QuoteNumber"),
                migrations.DeleteModel("InquiryNumber"),
                migrations.DeleteModel("QuoteRequest"),
                migrations.DeleteModel("Inquiry"),
                migrations.CreateModel(
                    "QuoteRequest",
                    fields=[
                        ("case", of_the_case("quote")),
                        ("place", models.TextField(help_text="The form or channel it came through.")),
                        ("version", models.IntegerField(help_text="The policy version it came under.")),
                        ("need", models.TextField()),
                        ("product", models.TextField(default="")),
                        ("edition", models.TextField(default="")),
                        ("users", models.IntegerField(null=True)),
                        ("territory", models.TextField(default="", help_text="Country and state, e.g. US-CA.")),
                        (
                            "address_key",
                            models.BinaryField(
                                help_text="Keyed hash: the same address asks again. Gone once erased.", null=True
                            ),
                        ),
                        (
                            "company_key",
                            models.BinaryField(help_text="Keyed hash of a company's own mail domain.", null=True),
                        ),
                        ("routed_utc", models.DateTimeField(null=True)),
                        ("rule", models.TextField(default="")),
                        ("rule_title", models.TextField(default="")),
                        ("rule_number", models.IntegerField(null=True)),
                        ("rules", models.IntegerField(help_text="Of how many.", null=True)),
                        (
                            "why",
                            models.TextField(
                                default="", help_text="A reason of the catalog as text; in older rows a sentence."
                            ),
                        ),
                        ("recipient_class", models.TextField(default="")),
                        ("recipient", models.TextField(default="")),
                        ("recipient_name", models.TextField(default="")),
                        (
                            "given_kinds",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        ("disclosure", models.UUIDField(null=True)),
                        (
                            "repeats",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="troth.quoterequest",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "quote_request",
                        "indexes": [
                            models.Index(fields=["address_key"], name="quote_request_by_address"),
                            models.Index(fields=["company_key"], name="quote_request_by_company"),
                        ],
                    },
                    bases=("troth.case",),
                ),
                migrations.CreateModel(
                    "Inquiry",
                    fields=[
                        ("case", of_the_case("inquiry")),
                        ("place", models.TextField(help_text="form.contact or form.register.")),
                        ("version", models.IntegerField()),
                        ("product", models.TextField(default="")),
                        ("assigned_utc", models.DateTimeField(null=True)),
                    ],
                    options={"db_table": "inquiry"},
                    bases=("troth.case",),
                ),
            ],
        ),
    ]
