"""Calls the database's functions, and raises their refusals as exceptions."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from troth.queries import run

_MARK = "troth:"
_MOST_TRIES = 8

Done = TypeVar("Done")


class Refusal(Exception):
    """The database refused. `code` is for programs, `sentence` may be read by a customer."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def rows(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of one select. Raises Refusal if one of our functions refuses."""
    with refusals():
        return run(sql, values)


def read_binary(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """As `rows`, for large binary columns: sent as binary instead of hex, at half the size."""
    with refusals():
        return run(sql, values, binary=True)


def retry_if_hindered(work: Callable[[], Done], *, waits: bool = False) -> Done:
    """The result of `work`, run in one transaction and repeated after a deadlock.

    Two transactions that lock the same people can deadlock; the database then cancels one of them. Inside a transaction
    of the caller nothing can be repeated: the caller has to do that.
    Takes   work: what may run twice; the first run is rolled back;
            waits: whether also after it waited too long for a lock, because nobody waits for an answer."""
    for _try in range(_MOST_TRIES - 1):
        try:
            with transaction.atomic():
                return work()
        except OperationalError as error:
            if transaction.get_connection().in_atomic_block or not _is_hindered(error, waits=waits):
                raise
    with transaction.atomic():
        return work()


def _is_hindered(error: OperationalError, *, waits: bool) -> bool:
    if waits and isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
        return True
    return isinstance(error.__cause__, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure)


class OutOfTime(OperationalError):
    """A page has waited long enough. As if the database had refused, so that transactions end in the usual way."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Inside it, no statement begins after so long, and none takes so long.   Raises  OutOfTime, OperationalError"""
    until = time.monotonic() + seconds

    def check(execute: Callable[..., Any], *args: Any) -> Any:
        if time.monotonic() > until:
            raise OutOfTime
        return execute(*args)

    rows("select set_config('statement_timeout', %s, false)", [f"{round(seconds * 1000)}ms"])
    try:
        with connection.execute_wrapper(check):
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("reset statement_timeout")


@contextmanager
def refusals() -> Iterator[None]:
    """Inside it, what one of our functions refuses is raised as a Refusal."""
    try:
        yield
    except DatabaseError as error:
        refusal = _read(str(error))
        if refusal is None:
            raise
        raise refusal from error


def read_refusal(message: str) -> Refusal:
    """What one of our functions refused, from the message that it gave."""
    return _read(message) or Refusal("unknown", message)


def _read(message: str) -> Refusal | None:
    """The refusal in words of the active language; None if the message is not one of `refuse`."""
    first_line, _line, rest = message.partition("\n")
    if not first_line.startswith(_MARK):
        return None
    code, _colon, sentence = first_line.removeprefix(_MARK).partition(":")
    values = rest.partition("\n")[0]
    return Refusal(code, _(sentence) % json.loads(values) if values.startswith("{") else _(sentence))
