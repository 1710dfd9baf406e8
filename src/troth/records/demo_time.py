"""The past of a demonstration: while its people are made, the database dates what happens as the demonstration says.

Only the owner can turn this on, in a demonstration. Every start creates all functions again before it, among them the
clock's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import connection, connections

_SETTING = "troth.demo_now"
_CLOCK = "create or replace function now_utc() returns timestamptz language sql volatile as $$ select {} $$"
_READ = "clock_timestamp()"
_moment: ContextVar[str] = ContextVar("the moment of what happens now; empty for the clock's", default="")


@contextmanager
def backdating(*, using: str) -> Iterator[None]:
    """In it, `at` counts.   Takes  using: the owner's connection"""
    _execute("set synchronous_commit = off")  # nobody's data: what a crash loses is made again
    moved = f"coalesce(nullif(current_setting('{_SETTING}', true), '')::timestamptz, {_READ})"
    _define(moved, using)
    try:
        yield
    finally:
        _define(_READ, using)
        _execute("reset synchronous_commit")


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """What happens in it is dated so, as long as the owner lets it; else it is dated now, as always."""
    token = _moment.set(moment.isoformat())
    _set()
    try:
        yield
    finally:
        _moment.reset(token)
        _set()


def _set() -> None:
    moment = _moment.get()
    _execute("select set_config(%s, %s, false)", _SETTING, moment)


def _execute(statement: str, *values: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def _define(reads: str, using: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(_CLOCK.format(reads))
