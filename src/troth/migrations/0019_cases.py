"""One row for every request: what is alike for quotes, messages, privacy requests and procedures stands in request_case."""

import django.db.models.deletion
from django.db import migrations, models

FACTS = """
    update request_case c set
        queue = 'staff.privacy',
        denial = coalesce(facts ->> 'denial', ''),
        joined = coalesce(facts ->> 'joined', ''),
        callback = coalesce((facts ->> 'callback')::boolean, false),
        facts = facts - array['denial', 'joined', 'callback', 'agent', 'problem'],
        answered_by = coalesce((select e.who from case_event e where e.case_id = c.id
                                and e.what in ('answered', 'denied', 'withdrawn', 'joined', 'erased')
                                order by e.at_utc desc, e.id desc limit 1), '');
    set constraints all immediate;
"""
"""Of the JSON only what one kind alone knows stays; what any kind may have is a column."""


def text(help_text=""):
    return models.TextField(default="", help_text=help_text)


class Migration(migrations.Migration):
    dependencies = [("troth", "0018_times")]

    operations = [
        migrations.AddField(
            "case",
            "organization",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="troth.organization"
            ),
        ),
        migrations.AddField(
            "case", "shared", models.BooleanField(default=False, help_text="Whether colleagues see it.")
        ),
        migrations.AddField(
            "case",
            "purpose",
            models.TextField(default="rights", help_text="Who receives its data by the policy answers it."),
        ),
        migrations.AddField(
            "case", "queue", text("The staff who answer, as the policy names them, e.g. staff.sales.")
        ),
        migrations.AddField("case", "answered_by", text("Who ended it, as in the ledger; empty in older rows.")),
        migrations.AddField("case", "denial", text("Why it was denied: one of REASONS.")),
        migrations.AddField("case", "joined", text("The number of the earlier request that it repeated.")),
        migrations.AddField(
            "case", "callback", models.BooleanField(default=False, help_text="An agent wants to hear of changes.")
        ),
        migrations.AddField("case", "alarm", text("What staff must look at: a reason as text, or a sentence.")),
        migrations.AlterField(
            "case",
            "state",
            models.TextField(
                choices=[
                    (state, state) for state in ("received", "unverified", "open", "answered", "denied", "withdrawn")
                ]
            ),
        ),
        migrations.AlterField(
            "case",
            "regime",
            models.TextField(help_text="Whose clock runs: policy, ccpa, civil code 1798.83; none is our own."),
        ),
        migrations.AlterField(
            "case",
            "notice_utc",
            models.DateTimeField(help_text="When she is told the problem and the next steps.", null=True),
        ),
        migrations.AlterField(
            "case", "law_utc", models.DateTimeField(help_text="The statute's own end.", null=True)
        ),
        migrations.AlterField(
            "case",
            "facts",
            models.JSONField(default=dict, help_text="What its kind alone knows: `CaseKind.read` gives it typed."),
        ),
        migrations.AddIndex("case", models.Index(fields=["kind", "received_utc"], name="case_by_kind")),
        migrations.RunSQL(FACTS, migrations.RunSQL.noop),
    ]
