"""Arrays that are written as text reach the database as the values that they are."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DEFAULT_DB_ALIAS, DatabaseError, IntegrityError, connection, connections, transaction

from troth.cases.models import CaseNumber
from troth.collection.mailbox.models import MailFolder
from troth.queries import (
    PreparedQuery,
    Slot,
    find_connection,
    run,
    store_all,
    store_numbered,
    store_or_add,
    update_all,
    write_array,
)
from troth.security.models import RateCount

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


def test_the_connection_is_the_one_of_transactions_under_an_event_loop_too() -> None:
    def is_the_same() -> bool:
        return find_connection() is connections[DEFAULT_DB_ALIAS]

    async def look() -> bool:
        return is_the_same()

    with ThreadPoolExecutor(1) as thread:  # of its own: in this one a browser's loop may run
        assert thread.submit(is_the_same).result()
        assert thread.submit(asyncio.run, look()).result()
        assert thread.submit(is_the_same).result()


def test_many_rows_are_stored_and_changed_by_one_statement_each() -> None:
    at_utc = datetime(2026, 12, 1, tzinfo=UTC)
    folders = [MailFolder(name="b", last=2), MailFolder(name="a", last=1, looked_utc=at_utc, problem='{"x",null}')]
    store_all(folders)
    folders[0].last, folders[0].looked_utc, folders[1].looked_utc = 7, at_utc, None
    update_all(folders, "last", "looked_utc")
    assert list(MailFolder.objects.order_by("name").values_list("name", "last", "looked_utc", "problem")) == [
        ("a", 1, None, '{"x",null}'),
        ("b", 7, at_utc, ""),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        store_all([MailFolder(name="c"), MailFolder(name="a")])
    assert MailFolder.objects.count() == 2


def test_one_more_of_the_same_is_added_to_the_first() -> None:
    at_utc = datetime(2026, 12, 1, tzinfo=UTC)

    def count(digest: bytes) -> int:
        return store_or_add(RateCount(what="x", digest=digest, window_utc=at_utc, times=1), "times")

    assert [count(b"a"), count(b"a"), count(b"b"), count(b"a")] == [1, 2, 1, 3]


def test_a_row_whose_key_the_database_gives_is_stored_with_the_next_number() -> None:
    first, second = store_numbered(CaseNumber()), store_numbered(CaseNumber())
    assert second > first
    assert set(CaseNumber.objects.values_list("pk", flat=True)) >= {first, second}
    counted = store_numbered(RateCount(what="x", digest=b"a", window_utc=datetime(2026, 12, 1, tzinfo=UTC), times=3))
    assert RateCount.objects.get(pk=counted).times == 3
    row = PreparedQuery(lambda: RateCount.objects.filter(pk=Slot("id"))).list(id=counted)[0]
    assert vars(row).keys() == vars(RateCount.objects.get(pk=counted)).keys()
    assert (row, row.times, row.digest, row._state.adding) == (RateCount.objects.get(pk=counted), 3, b"a", False)
    row.times = 4
    row.save()
    assert RateCount.objects.get(pk=counted).times == 4
