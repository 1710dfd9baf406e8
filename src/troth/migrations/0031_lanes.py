"""Emails have lanes and states that say more, lanes pause, and addresses that nobody reads are kept as marks."""

from django.db import migrations, models

# What waited for the mail server is planned again at its time; what the law held back is refused, and held is what staff release.
STATES = """
update letter set state = 'planned' where state in ('queued', 'waiting');
update letter set state = 'refused' where state = 'held' and why not in ('after a restore', 'may have left before the restore');
update letter l set lane = 'security' where split_part(l.template, '/', 1) = 'account';
update letter l set lane = 'case' where split_part(l.template, '/', 1) in ('cases', 'california', 'requests', 'copy');
"""


class Migration(migrations.Migration):
    dependencies = [("troth", "0030_thread")]

    operations = [
        migrations.AddField("queuedemail", "lane", models.TextField(db_default="service", default="service", help_text="What it shares connections with.")),
        migrations.AddField("queuedemail", "domain", models.TextField(db_default="", default="", help_text="Where it goes, once known; empty when sent.")),
        migrations.AddField("queuedemail", "reply_to", models.TextField(db_default="", default="", help_text="The signed address of a thread, if it has one.")),
        migrations.AddField("queuedemail", "begun_utc", models.DateTimeField(help_text="When it was about to go over the line.", null=True)),
        migrations.AddField("queuedemail", "useful_until_utc", models.DateTimeField(help_text="Later than that it is held instead.", null=True)),
        migrations.RunSQL(STATES, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='LanePause',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('lane', models.TextField()),
                ('domain', models.TextField(default='', help_text='Empty: everywhere.')),
                ('why', models.TextField(help_text="The mail server's code.")),
                ('since_utc', models.DateTimeField()),
                ('until_utc', models.DateTimeField(help_text='Then one email tries.')),
            ],
            options={
                'db_table': 'lane_pause',
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('mark', models.BinaryField(help_text='Keyed hash of the address.', primary_key=True, serialize=False)),
                ('why', models.TextField(help_text='bounce, complaint or staff.')),
                ('since_utc', models.DateTimeField()),
                ('evidence', models.UUIDField(help_text='The email, or the mail that came in, from which we know it.', null=True)),
            ],
            options={
                'db_table': 'suppression',
            },
        ),
        migrations.AlterField(
            model_name='queuedemail',
            name='state',
            field=models.TextField(choices=[('planned', 'to be sent when its time comes, or again after a refusal that may pass'), ('claimed', 'being sent'), ('sent', 'the mail server has it'), ('failed', 'the mail server refused it, or it waited too long'), ('held', 'something is wrong that staff can set right and then release'), ('refused', 'the policy, a choice or a suppressed address does not let it leave'), ('unknown', 'it may have left: whoever sent it died before writing that down')], default='planned'),
        ),
        migrations.AlterField(
            model_name='queuedemail',
            name='why',
            field=models.TextField(default='', help_text="The law's code if refused, the mail server's if waiting or failed."),
        ),
        migrations.RemoveIndex(model_name='queuedemail', name='letter_by_state'),
        migrations.AddIndex(
            model_name='queuedemail',
            index=models.Index(condition=models.Q(('state__in', ['planned', 'sent']), _negated=True), fields=['state', 'queued_utc'], name='letter_stopped'),
        ),
        migrations.AddIndex(
            model_name='queuedemail',
            index=models.Index(condition=models.Q(('state', 'planned')), fields=['lane', 'next_try_utc', 'id'], name='letter_due'),
        ),
        migrations.AddConstraint(
            model_name='lanepause',
            constraint=models.UniqueConstraint(fields=('lane', 'domain'), name='lane_pause_once'),
        ),
    ]
