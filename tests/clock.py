"""Another time in a test, for the program and for its database alike: what the fixture `time_machine` moves.

The database dates what is done by itself, so a test that moves the one has to move the other.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

_DATABASE = frozenset({"db", "transactional_db", "owner"})


class Clocks:
    """As the plugin's `time_machine`, with `now_utc()` of the database going along."""

    def __init__(self, python: Any) -> None:
        self.python = python

    def move_to(self, destination: Any, tick: bool | None = None) -> None:
        self.python.move_to(destination, **({} if tick is None else {"tick": tick}))
        _set(f"timestamptz '{datetime.now(UTC).isoformat()}' + (clock_timestamp() - timestamptz '{_database_now()}')")

    def shift(self, by: timedelta) -> None:
        self.move_to(datetime.now(UTC) + by, tick=False)


@pytest.fixture
def time_machine(request: pytest.FixtureRequest, time_machine: Any) -> Iterator[Any]:
    """The plugin's own where a test has no database."""
    if not _DATABASE & set(request.fixturenames):
        yield time_machine
        return
    request.getfixturevalue("owner")
    yield Clocks(time_machine)
    _set("clock_timestamp()")


def _set(moment: str) -> None:
    _owner(f"create or replace function now_utc() returns timestamptz language sql volatile as $$ select {moment} $$")


def _database_now() -> datetime:
    found: datetime = _owner("select clock_timestamp()")
    return found


def _owner(statement: str) -> Any:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None
