"""The tables between tests: emptied after one, filled again with the adopted policy before the next.

One connection of the superuser stays open for it, and what it does is compiled once: with a connection and sixty
statements for each test, this took a third of the suite's time. What an adopted policy wrote is copied aside under the
policy's name, and comes back from there. The reference policy's two thousand rows stay where the next test wants them again
and no test wrote to their table: each row names the transaction that inserted it.
"""

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from troth.database import OWNER

KEPT = ("django_migrations", "django_content_type", "auth_permission")
"""Tables that migrations fill."""

_BESIDE = threading.Lock()
_state: dict[str, Any] = {}
_aside: dict[str, str] = {}
"""Name → schema of what was set aside."""


def begin(url: str) -> None:
    """Takes note of all tables, once they are made."""
    _state["url"] = url
    with keeper() as connection:
        connection.execute("create schema housekeeping")
        _write_function(connection, "empty_tables", [*_emptying(connection), *_numbering(connection)])


def end() -> None:
    if "connection" in _state:
        _state.pop("connection").close()


@contextmanager
def keeper() -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """The connection, in a transaction of a replica: no trigger fires, so rows come and go in any order."""
    with _BESIDE:
        if "connection" not in _state or _state["connection"].closed:
            _state["connection"] = psycopg.connect(_state["url"], autocommit=True)
        connection = _state["connection"]
        with connection.transaction():
            connection.execute("set local session_replication_role = replica; set local lock_timeout = '20s'")
            yield connection


def set_aside(name: str) -> None:
    """Copies what stands in the tables now, for `bring_back`."""
    schema = f"aside_{len(_aside)}"
    with keeper() as connection:
        connection.execute(f"create schema {schema} authorization {OWNER}".encode())
        filled = [table for table in _tables(connection) if _is_filled(connection, table)]
        connection.execute(f"create table {schema}.brought (name name primary key, at xid, count bigint)".encode())
        connection.execute(f"alter table {schema}.brought owner to {OWNER}".encode())
        for table in filled:
            aside = sql.Identifier(schema, table)
            columns = sql.SQL(_columns(connection, table))
            copied = sql.SQL("create table {} as select {} from public.{}")
            connection.execute(copied.format(aside, columns, sql.Identifier(table)))
            connection.execute(
                sql.SQL("alter table {} owner to {}").format(aside, sql.Identifier(OWNER))
            )  # who may dump
        last = "perform setval('person_ordinal', (select max(ordinal) from public.person))"
        _write_function(connection, f"bring_{schema}", [*(_bringing(connection, schema, it) for it in filled), last])
        keeping = [*_emptying(connection, schema, keep=filled), *_numbering(connection)]
        _write_function(connection, f"empty_tables_but_{schema}", keeping)
    _aside[name] = schema


def bring_back(name: str) -> bool:
    """Puts what was set aside into the empty tables. False where nothing was."""
    if name not in _aside:
        return False
    with keeper() as connection:
        connection.execute(f"select housekeeping.bring_{_aside[name]}()".encode())
    return True


def _write_function(connection: "psycopg.Connection[tuple[Any, ...]]", name: str, statements: list[str]) -> None:
    body = ";\n".join(statements)
    connection.execute(
        f"create function housekeeping.{name}() returns void language plpgsql as $f$ begin\n{body};\nend $f$".encode()
    )


def empty(*, but: str) -> None:
    """Only what the test wrote to is emptied, row by row: truncating all tables takes ten times as long.

    Takes   but: the name of what stays as it was set aside, or ""."""
    which = f"empty_tables_but_{_aside[but]}" if but in _aside else "empty_tables"
    with keeper() as connection:
        connection.execute(f"select housekeeping.{which}()".encode())


def _emptying(
    connection: "psycopg.Connection[tuple[Any, ...]]", schema: str = "", *, keep: Collection[str] = ()
) -> Iterator[str]:
    """Deleting nothing costs more than looking whether there is anything."""
    for table in _tables(connection):
        name = _quoted(table)
        spared = f" and not {_is_intact(schema, table)}" if table in keep else ""
        yield f"if exists (select from public.{name}){spared} then delete from public.{name}; end if"


def _bringing(connection: "psycopg.Connection[tuple[Any, ...]]", schema: str, table: str) -> str:
    name, literal, columns = _quoted(table), _literal(table), _columns(connection, table)
    return f"""if not {_is_intact(schema, table)} then
      insert into public.{name} ({columns}) select {columns} from {schema}.{name};
      insert into {schema}.brought select {literal}, pg_current_xact_id()::xid, count(*) from {schema}.{name}
        on conflict (name) do update set at = excluded.at;
    end if"""


def _is_intact(schema: str, table: str) -> str:
    """A condition: the table has the rows that were brought, none changed, none more."""
    return f"""coalesce((select b.count = (select count(*) from public.{_quoted(table)} t where t.xmin = b.at)
      and b.count = (select count(*) from public.{_quoted(table)})
      from {schema}.brought b where b.name = {_literal(table)}), false)"""


def _numbering(connection: "psycopg.Connection[tuple[Any, ...]]") -> Iterator[str]:
    found = connection.execute("select sequencename from pg_sequences where schemaname = 'public'")
    for (name,) in found.fetchall():
        yield f"if (select is_called from public.{_quoted(name)}) then perform setval('public.{_quoted(name)}', 1, false); end if"


def _tables(connection: "psycopg.Connection[tuple[Any, ...]]") -> list[str]:
    found = connection.execute(
        "select tablename from pg_tables where schemaname = 'public' and tablename <> all (%s)", [list(KEPT)]
    )
    return [name for (name,) in found.fetchall()]


def _columns(connection: "psycopg.Connection[tuple[Any, ...]]", table: str) -> str:
    """Those that are written; PostgreSQL makes the others of them."""
    found = connection.execute(
        "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute"
        " where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = ''",
        [f"public.{_quoted(table)}"],
    )
    return str(found.fetchone()[0])  # type: ignore[index]


def _is_filled(connection: "psycopg.Connection[tuple[Any, ...]]", table: str) -> bool:
    found = connection.execute(sql.SQL("select exists (select from public.{})").format(sql.Identifier(table)))
    return bool(found.fetchone()[0])  # type: ignore[index]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
