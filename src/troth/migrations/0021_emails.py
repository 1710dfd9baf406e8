"""Emails without a grant, in the table of before, and one table of what is due at a time, filled with what waits."""

import django.db.models.deletion
from django.db import migrations, models


# One row for each step that the clock of a former release would have come upon by itself.
PLANNED = """
insert into due (id, what, about, step, at_utc, urgency, "group")
select gen_random_uuid(), w.what, w.about, w.step, w.at_utc, w.urgency, md5(w.what || w.about)::uuid from (
    select 'cases.remind' as what, c.id as about, s.share::text as step,
           c.received_utc + (c.due_utc - c.received_utc) * s.share / 100 as at_utc, s.urgency
    from request_case c cross join (values (50, 0), (80, 1), (100, 2)) s (share, urgency)
    where c.state in ('unverified', 'open') and s.share > c.reminded and c.notice_utc is not null
    union all
    select 'cases.notice', c.id, '', c.notice_utc, 0 from request_case c
    where c.state in ('unverified', 'open') and c.noticed_utc is null and c.person_id is not null and c.notice_utc is not null
    union all
    select 'cases.unverified', c.id, '', c.due_utc, 0 from request_case c where c.state = 'unverified'
    union all
    select 'preferences.end_pause', p.id, '', p.until_utc, 0 from preference_pause p
    union all
    select 'organization.end_invitation', i.id, '', i.expires_utc, 0 from invitation i where i.state = 'open'
    union all
    select 'outbox.try', l.id, '', l.next_try_utc, 0 from letter l where l.state = 'waiting' and l.next_try_utc is not null
) w
"""


class Migration(migrations.Migration):
    dependencies = [("troth", "0020_kinds")]

    operations = [
        migrations.RenameModel("Letter", "QueuedEmail"),
        migrations.RenameModel("FinishedLetter", "FinishedEmail"),
        migrations.AlterField(
            "finishedemail",
            "letter",
            models.OneToOneField(
                db_column="letter_id",
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                serialize=False,
                to="troth.queuedemail",
            ),
        ),
        migrations.RenameField("finishedemail", "letter", "email"),
        migrations.AlterField(
            "queuedemail", "permit", models.UUIDField(help_text="The grant or disclosure that lets it leave.", null=True)
        ),
        migrations.CreateModel(
            "Due",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("what", models.TextField(help_text="The name of its task.")),
                ("about", models.UUIDField(help_text="The request, pause, invitation … that it is about.")),
                ("step", models.TextField(default="", help_text="Which of several, e.g. the percent of the time.")),
                ("at_utc", models.DateTimeField()),
                ("urgency", models.IntegerField(help_text="Higher is more urgent.")),
                ("group", models.UUIDField(help_text="Of one group, only the most urgent of what is due is done.")),
                ("handed_out_utc", models.DateTimeField(help_text="When its job was queued.", null=True)),
            ],
            options={
                "db_table": "due",
                "indexes": [
                    models.Index(
                        condition=models.Q(("handed_out_utc", None)), fields=["at_utc"], name="due_next"
                    ),
                    models.Index(fields=["group"], name="due_by_group"),
                ],
                "constraints": [models.UniqueConstraint(fields=("what", "about", "step"), name="due_once")],
            },
        ),
        migrations.RunSQL(PLANNED, migrations.RunSQL.noop),
    ]
