"""Sendings to many: when one began, whether it was stopped; which emails are of it is in the emails themselves."""

from django.db import migrations, models

# The emails of issues that were sent by an older release.
_BATCHES = """
update letter l set batch = r.issue_id from newsletter_recipient r where r.email = l.id;
insert into email_batch (id, template, begun_utc, planned_utc, ended_utc, stopped, refused_before, complaints_before)
    select i.id, 'newsletter/issue', coalesce(i.begun_utc, now()), i.ended_utc, i.ended_utc, '', 0, 0
    from newsletter_issue i where i.begun_utc is not null
"""


class Migration(migrations.Migration):
    dependencies = [
        ("troth", "0046_copies"),
    ]

    operations = [
        migrations.CreateModel(
            name="EmailBatch",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("template", models.TextField(help_text="Room and name of the email.")),
                ("begun_utc", models.DateTimeField()),
                ("planned_utc", models.DateTimeField(help_text="When everybody was planned.", null=True)),
                ("ended_utc", models.DateTimeField(help_text="When the last email had left.", null=True)),
                ("stopped", models.TextField(default="", help_text="Why its rest is held: a code.")),
                ("refused_before", models.IntegerField(default=0, help_text="Refusals when it was resumed.")),
                ("complaints_before", models.IntegerField(default=0, help_text="Complaints when it was resumed.")),
            ],
            options={"db_table": "email_batch"},
        ),
        migrations.RunSQL(_BATCHES, migrations.RunSQL.noop),
        # Without the id, emails of one sending are alike in it, so that planning them only adds at its end.
        migrations.RemoveIndex(model_name="queuedemail", name="letter_due"),
        migrations.AddIndex(
            model_name="queuedemail",
            index=models.Index(
                condition=models.Q(("state", "planned")), fields=["lane", "next_try_utc"], name="letter_due"
            ),
        ),
        migrations.RemoveField(model_name="issuerecipient", name="email"),
    ]
