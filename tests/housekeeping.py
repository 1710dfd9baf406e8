"""The tables between tests: emptied after one, filled again with the adopted policy before the next.

One connection of the superuser stays open for it, and what it does is planned once: with a connection and sixty
statements for each test, this took a third of the suite's time. What an adopted policy wrote is copied aside under the
policy's name, and comes back from there. The reference policy's two thousand rows stay where the next test wants them again
and no test wrote to their table: each row names the transaction that inserted it.
"""

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from troth.database import OWNER

KEPT = ("django_migrations", "django_content_type", "auth_permission")
"""Tables that migrations fill."""

_AS_REPLICA = "-c session_replication_role=replica -c lock_timeout=20s"
_BESIDE = threading.Lock()
_state: dict[str, Any] = {}
_aside: dict[str, str] = {}
"""Name → schema of what was set aside."""


def begin(url: str, *, aside: Sequence[str] = ()) -> None:
    """Takes note of all tables, once they are made.

    Takes   aside: what was set aside before this database was copied; then all of this was done there."""
    _state["url"] = url
    if aside:
        _aside.update((name, f"aside_{at}") for at, name in enumerate(aside))
        return
    with keeper() as connection:
        connection.execute("create schema housekeeping")
        _write_function(connection, "empty_tables", *_emptying(connection))


def end() -> None:
    if "connection" in _state:
        _state.pop("connection").close()


@contextmanager
def keeper() -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """The connection, as of a replica: no trigger fires, so rows come and go in any order.

    It is one from its start: PostgreSQL forgets all plans when a session becomes one."""
    with _BESIDE:
        if "connection" not in _state or _state["connection"].closed:
            _state["connection"] = psycopg.connect(_state["url"], autocommit=True, options=_AS_REPLICA)
        yield _state["connection"]


def _call(name: str) -> None:
    with keeper() as connection:
        connection.execute(f"select housekeeping.{name}()".encode())


def set_aside(name: str) -> None:
    """Copies what stands in the tables now, for `bring_back`."""
    schema = f"aside_{len(_aside)}"
    with keeper() as connection, connection.transaction():
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
        last = ("true", "perform setval('person_ordinal', (select max(ordinal) from public.person))")
        bringing = [
            (f"not {_is_intact(schema, it)}", f"delete from public.{_quoted(it)}; {_bringing(connection, schema, it)}")
            for it in filled
        ]
        _write_function(connection, f"bring_{schema}", *bringing, last)
        emptying = _emptying(connection, besides=filled)
        _write_function(connection, f"empty_tables_but_{schema}", *emptying, *bringing, last)
    _aside[name] = schema


def bring_back(name: str) -> bool:
    """Puts what was set aside into the empty tables. False where nothing was."""
    if name not in _aside:
        return False
    if _state.get("brought") != (name, _ask_next_transaction()):
        _call(f"bring_{_aside[name]}")
    return True


def _write_function(connection: "psycopg.Connection[tuple[Any, ...]]", name: str, *steps: tuple[str, str]) -> None:
    """All conditions are asked at once, then what follows from each is done: one by one, asking took most of the time."""
    asked = ",\n".join(condition for condition, _done in steps)
    body = "\n".join(f"if due[{at}] then {done}; end if;" for at, (_condition, done) in enumerate(steps, 1))
    made = f"create function housekeeping.{name}() returns void language plpgsql as $f$"
    connection.execute(f"{made} declare due boolean[] := array[{asked}]; begin {body} end $f$".encode())


def empty(*, but: str) -> None:
    """Only what the test wrote to is emptied, row by row: truncating all tables takes ten times as long.

    Takes   but: the name of what is there afterwards as it was set aside, or ""."""
    _call(f"empty_tables_but_{_aside[but]}" if but in _aside else "empty_tables")
    _state["brought"] = (but, _ask_next_transaction())


def _ask_next_transaction() -> int:
    """While it is the same, nobody has written anything."""
    with keeper() as connection:
        found = connection.execute("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
    return int(found[0])  # type: ignore[index]


def _emptying(
    connection: "psycopg.Connection[tuple[Any, ...]]", *, besides: Collection[str] = ()
) -> Iterator[tuple[str, str]]:
    """Deleting nothing costs more than looking whether there is anything. Sequences begin anew."""
    for table in _tables(connection):
        if table not in besides:
            yield f"exists (select from public.{_quoted(table)})", f"delete from public.{_quoted(table)}"
    found = connection.execute("select sequencename from pg_sequences where schemaname = 'public'")
    for (sequence,) in found.fetchall():
        name = f"public.{_quoted(sequence)}"
        yield f"(select is_called from {name})", f"perform setval({_literal(name)}, 1, false)"


def _bringing(connection: "psycopg.Connection[tuple[Any, ...]]", schema: str, table: str) -> str:
    name, literal, columns = _quoted(table), _literal(table), _columns(connection, table)
    return f"""insert into public.{name} ({columns}) select {columns} from {schema}.{name};
      insert into {schema}.brought select {literal}, pg_current_xact_id()::xid, count(*) from {schema}.{name}
        on conflict (name) do update set at = excluded.at"""


def _is_intact(schema: str, table: str) -> str:
    """A condition: the table has the rows that were brought, none changed, none more. Its rows are read once."""
    return f"""coalesce((select (select count(*) = b.count and bool_and(t.xmin = b.at) from public.{_quoted(table)} t)
      from {schema}.brought b where b.name = {_literal(table)}), false)"""


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
