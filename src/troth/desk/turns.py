"""One press at a time on each row: what an act compares with what its page showed stays so until the act is done.

with in_turn(case.pk):
    case.refresh_from_db()
    …                       what was compared is done, then the next press compares
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from troth.queries import find_connection, run


@contextmanager
def in_turn(row: UUID | str) -> Iterator[None]:
    """Waits until no other press on this row is being carried out, by whichever process.

    In a transaction, others wait for its end, for only then do they see what it changed.

    Raises  OperationalError: the other one took longer than the database lets us wait.   Cost  2 queries"""
    key = [str(row)]
    if find_connection().in_atomic_block:
        run("select pg_advisory_xact_lock(hashtextextended(%s, 0))", key)
        yield
        return
    run("select pg_advisory_lock(hashtextextended(%s, 0))", key)
    try:
        yield
    finally:
        run("select pg_advisory_unlock(hashtextextended(%s, 0))", key)
