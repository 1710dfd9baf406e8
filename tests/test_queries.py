"""Arrays that are written as text reach the database as the values that they are."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection

from troth.queries import write_array

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
