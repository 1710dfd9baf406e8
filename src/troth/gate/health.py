"""Whether the database is as the program needs it: what `troth doctor` asks of it. Reads nothing of anyone."""

from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from troth import database
from troth.records import clocks, keymark, privileges, tables
from troth.records.ledger import sealing
from troth.seal import vault_at

_ANSWERS_WITHIN_SECONDS = 5


def check_role(url: str, role: str) -> None:
    """Nothing, if who connects at this address is the role, with exactly its privileges. Raises WrongRole."""
    with _connect(url, role) as asked:
        privileges.check(asked.cursor(), role=role)


def check_owner(url: str) -> None:
    """Nothing, if the address is that of the owner of our tables, who is no superuser. Raises WrongRole."""
    with _connect(url, database.OWNER) as asked:
        found = asked.execute(
            "select rolname, rolsuper, pg_has_role(current_user, relowner, 'usage') from pg_roles, pg_class"
            " where rolname = current_user and pg_class.oid = 'public.person'::regclass"
        ).fetchone()
    assert found is not None
    if found[1] or not found[2]:
        raise privileges.WrongRole(
            f"{found[0]} is not the plain owner of the tables. Set TROTH_OWNER_URL to the owner."
        )


def check_key(url: str, master_key_file: Path) -> None:
    """Nothing, if the master key is the one of this database. Raises SealError."""
    with _connect(url, database.APPLICATION) as asked:
        keymark.verify(asked.cursor(), vault_at(master_key_file))


def version(url: str) -> tuple[str, datetime]:
    """The server's version and its clock. Raises psycopg.OperationalError."""
    with _connect(url, database.APPLICATION) as asked:
        row = asked.execute("select current_setting('server_version'), clock_timestamp()").fetchone()
    assert row is not None
    return row[0].split()[0], row[1]


def missing_migrations() -> list[str]:
    """Migrations of this version of the program that the database has not had."""
    return tables.list_missing(connection)


def later_migrations() -> list[str]:
    """Migrations that the database has had and this version of the program doesn't know."""
    return tables.list_later(connection)


def is_signing(url: str) -> bool:
    """Whether a sealer works on this database: it holds a lock as long as it does."""
    with _connect(url, database.APPLICATION) as asked:
        row = asked.execute(
            "select exists (select from pg_locks where locktype = 'advisory' and granted and objsubid = 1"
            " and database = (select oid from pg_database where datname = current_database())"
            " and (classid::bigint << 32) + objid::bigint = %s)",
            [sealing.LOCK],
        ).fetchone()
    return bool(row and row[0])


def clock(owner_url: str) -> clocks.ClockState:
    """The database's clock beside what was signed, as the owner."""
    with _connect(owner_url, database.OWNER) as asked:
        return clocks.state(asked)


def _connect(url: str, role: str) -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(url, options=database.options(role), connect_timeout=_ANSWERS_WITHIN_SECONDS)
