"""What the application's role may no longer do by itself: staff, seats, the form of data, the master key, the clock."""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
    alter table "user" enable row level security;
    create policy all_read on "user" for select using (true);
    create policy customers_are_made on "user" for insert with check (role = '');
    create policy customers_change on "user" for update using (role = '') with check (role = '');
    create policy customers_go on "user" for delete using (role = '');
"""
"""Rows of the staff are the owner's to write; policies bind every other role, whatever it is called."""

SECRETS = """
    insert into staff_secret (user_id, verifier)
    select id, sha256(decode(rpad(split_part(password, '$', 6), 4 * ceil(length(split_part(password, '$', 6)) / 4.0)::int,
                                  '='), 'base64'))
    from "user" where role <> '' and password like 'argon2$argon2id$v=19$%';
    update "user" set password = 'staff$' || concat_ws('$', split_part(password, '$', 2), split_part(password, '$', 3),
                                                       split_part(password, '$', 4), split_part(password, '$', 5))
    where role <> '' and password like 'argon2$argon2id$v=19$%';
"""
"""Of a password of the staff only how it is computed stays, and the hash of its hash where the owner alone reads it."""


class Migration(migrations.Migration):
    dependencies = [("troth", "0013_addresses")]

    operations = [
        migrations.CreateModel(
            name="StaffSecret",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.RESTRICT, primary_key=True, serialize=False, to="troth.user"
                    ),
                ),
                ("verifier", models.BinaryField()),
            ],
            options={"db_table": "staff_secret"},
        ),
        migrations.CreateModel(
            name="StaffSeat",
            fields=[
                ("session_key", models.TextField(primary_key=True, serialize=False)),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to="troth.user")),
                ("until_utc", models.DateTimeField()),
            ],
            options={"db_table": "staff_seat"},
        ),
        migrations.CreateModel(
            name="KeyMark",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
            ],
            options={"db_table": "key_mark"},
        ),
        migrations.CreateModel(
            name="ClockWord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "size",
                    models.BigIntegerField(help_text="The checkpoint that was the last when it was given."),
                ),
                ("at_utc", models.DateTimeField(help_text="What the database's clock said.")),
                ("by", models.TextField()),
                ("reason", models.TextField()),
            ],
            options={"db_table": "clock_word"},
        ),
        migrations.AddField(
            "lawcollect",
            "sensitivity",
            models.TextField(db_default="", help_text="describing, identifying or sensitive: how it is kept."),
        ),
        migrations.RunSQL(GUARD),  # before rows are written: a table with pending checks cannot be altered
        migrations.RunSQL(SECRETS),
    ]
