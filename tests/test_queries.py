"""Arrays that are written as text reach the database as the values that they are."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from troth.queries import run, write_array

pytestmark = pytest.mark.django_db


def test_the_database_reads_back_what_was_written_into_arrays() -> None:
    ids, times = [uuid4(), None, uuid4()], [datetime.now(UTC), datetime(2026, 1, 1, tzinfo=UTC)]
    secrets, words = [b"", b"\x00\\\"{},'\xff"], ['"', "\\", "a, b", "{null}", "", "null", "%s ü\n"]
    with connection.cursor() as cursor:
        cursor.execute(
            "select %s::uuid[], %s::timestamptz[], %s::bytea[], %s::text[], %s::uuid[]",
            [*map(write_array, (ids, times, secrets, words, ()))],
        )
        assert list(cursor.fetchone()) == [ids, times, secrets, words, []]


def test_a_statement_that_fails_leaves_the_next_one_as_it_is() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        run("select 1 / %s", [0])
    assert run("select %s::integer, %s::bytea", [1, b"\x00"], binary=True) == [(1, b"\x00")]
    assert run("select %s::bytea", [b"\x00"]) == [(b"\x00",)]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_closed_is_followed_by_a_new_one() -> None:
    first = run("select pg_backend_pid()")
    connection.close()
    assert run("select pg_backend_pid()") != first
