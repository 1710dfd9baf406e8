"""Mail that comes in: a row for each, its file in the store, and how far each folder of the mail server was read."""

import django.db.models.deletion
from django.db import migrations, models

_RULES = """
alter table stored_file drop constraint stored_file_has_one_owner;
alter table stored_file add constraint stored_file_has_one_owner check (num_nonnulls(datum, prepared, mail) = 1);
alter table stored_file add constraint stored_file_of_mail foreign key (mail)
    references kept_mail (id) on delete cascade deferrable initially deferred;
create index stored_file_by_mail on stored_file (mail) where mail is not null;
"""
_STATES = ("new", "done", "desk", "quarantined", "discarded", "aside")


class Migration(migrations.Migration):
    dependencies = [("troth", "0031_lanes")]

    operations = [
        migrations.CreateModel(
            name="KeptMail",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField(help_text="Keyed hash of Message-ID and body: the same mail comes once.", unique=True)),
                ("way", models.TextField(help_text="imap, lmtp or form.")),
                ("received_utc", models.DateTimeField()),
                ("size", models.BigIntegerField()),
                ("key", models.BinaryField(help_text="The file's key, sealed by the master key, or the person's once it is theirs.")),
                ("state", models.TextField(choices=[(state, state) for state in _STATES], default="new")),
                ("kind", models.TextField(default="", help_text="reply, new, bounce, complaint, automatic, list, own or spam.")),
                ("why", models.TextField(default="", help_text="Why someone has to look at it: a code.")),
                ("tries", models.IntegerField(default=0)),
                ("settled_utc", models.DateTimeField(null=True)),
                ("request", models.UUIDField(help_text="The request that it became or belongs to.", null=True)),
                ("room", models.TextField(default="", help_text="Which room took it.")),
                ("about", models.UUIDField(help_text="Of a bounce or a complaint: our email.", null=True)),
                ("person", models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="troth.person")),
            ],
            options={
                "db_table": "kept_mail",
                "indexes": [models.Index(fields=["state", "received_utc"], name="kept_mail_by_state")],
            },
        ),
        migrations.CreateModel(
            name="MailFolder",
            fields=[
                ("name", models.TextField(help_text="Server, user and folder, hashed; or lmtp.", primary_key=True, serialize=False)),
                ("validity", models.BigIntegerField(default=0)),
                ("last", models.BigIntegerField(default=0)),
                ("looked_utc", models.DateTimeField(help_text="When it was last reached.", null=True)),
                ("problem", models.TextField(default="")),
            ],
            options={"db_table": "mail_folder"},
        ),
        migrations.AddField("storedfile", "mail", models.UUIDField(help_text="The mail that came in, of which it is the whole.", null=True)),
        migrations.RunSQL(_RULES, migrations.RunSQL.noop),
    ]
