"""Calls of the database's functions, and what they refuse as exceptions of ours."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection

_MARK = "troth:"


class Refusal(Exception):
    """The database refused. `code` is for programs, `sentence` may be read by a customer."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def rows(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of one select. Raises Refusal where a function of ours refuses."""
    with refusals(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def packed(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """As `rows`, for columns of many bytes: they arrive as they are, not in hex, at half the size."""
    with refusals(), connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.cursor.execute(sql, values, binary=True)  # Django's own execute cannot say this
        return list(cursor.cursor.fetchall())


@contextmanager
def refusals() -> Iterator[None]:
    """Inside it, what a function of ours refuses is a Refusal."""
    try:
        yield
    except DatabaseError as error:
        code, sentence = _parted(str(error))
        if code is None:
            raise
        raise Refusal(code, sentence) from error


def _parted(message: str) -> tuple[str | None, str]:
    first_line = message.split("\n", 1)[0]
    if not first_line.startswith(_MARK):
        return None, message
    code, _, sentence = first_line.removeprefix(_MARK).partition(":")
    return code, sentence
