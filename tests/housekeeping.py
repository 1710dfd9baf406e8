"""The tables between tests: emptied after one, filled again with the adopted policy before the next.

One connection of the superuser stays open for it, and what it does is compiled once: with a connection and sixty
statements for each test, this took a third of the suite's time.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from troth.database import OWNER

KEPT = ("django_migrations", "django_content_type", "auth_permission")
"""Tables that migrations fill."""

_ASIDE = "adopted_aside"
_BESIDE = threading.Lock()
_state: dict[str, Any] = {}


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


def set_aside() -> None:
    """Copies what stands in the tables now, for `bring_back`."""
    with keeper() as connection:
        connection.execute(f"create schema {_ASIDE} authorization {OWNER}")
        filled = [table for table in _tables(connection) if _is_filled(connection, table)]
        for table in filled:
            aside = sql.Identifier(_ASIDE, table)
            connection.execute(sql.SQL("create table {} as table public.{}").format(aside, sql.Identifier(table)))
            connection.execute(
                sql.SQL("alter table {} owner to {}").format(aside, sql.Identifier(OWNER))
            )  # who may dump
        back = [f"insert into public.{_quoted(table)} select * from {_ASIDE}.{_quoted(table)}" for table in filled]
        last = "perform setval('person_ordinal', (select max(ordinal) from public.person))"
        _write_function(connection, "bring_back", [*back, last])
    _state["aside"] = True


def bring_back() -> bool:
    """Puts what was set aside into the empty tables. False where nothing was."""
    if not _state.get("aside"):
        return False
    with keeper() as connection:
        connection.execute("select housekeeping.bring_back()")
    return True


def _write_function(connection: "psycopg.Connection[tuple[Any, ...]]", name: str, statements: list[str]) -> None:
    body = ";\n".join(statements)
    connection.execute(
        f"create function housekeeping.{name}() returns void language plpgsql as $f$ begin\n{body};\nend $f$".encode()
    )


def _emptying(connection: "psycopg.Connection[tuple[Any, ...]]") -> Iterator[str]:
    """Deleting nothing costs more than looking whether there is anything."""
    for table in _tables(connection):
        name = _quoted(table)
        yield f"if exists (select from public.{name}) then delete from public.{name}; end if"


def _numbering(connection: "psycopg.Connection[tuple[Any, ...]]") -> Iterator[str]:
    found = connection.execute("select sequencename from pg_sequences where schemaname = 'public'")
    for (name,) in found.fetchall():
        yield f"perform setval('public.{_quoted(name)}', 1, false)"


def _tables(connection: "psycopg.Connection[tuple[Any, ...]]") -> list[str]:
    found = connection.execute(
        "select tablename from pg_tables where schemaname = 'public' and tablename <> all (%s)", [list(KEPT)]
    )
    return [name for (name,) in found.fetchall()]


def _is_filled(connection: "psycopg.Connection[tuple[Any, ...]]", table: str) -> bool:
    found = connection.execute(sql.SQL("select exists (select from public.{})").format(sql.Identifier(table)))
    return bool(found.fetchone()[0])  # type: ignore[index]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
