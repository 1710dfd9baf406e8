"""What all checks read: one snapshot of the ledger, the keys to trust, and what was counted so far."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.datetime import TimestamptzBinaryLoader

from troth.notes import Verifier
from troth.records.ledger import COLUMNS
from troth.records.ledger.checkpoints import CheckpointFile, CheckpointNote

Connection = psycopg.Connection[tuple[Any, ...]]
Progress = Callable[[int, int], None]
ENTRY_COLUMNS = ", ".join(f"e.{column}" for column in COLUMNS.split(", "))
ROWS_AT_ONCE = 2000
_NUMBERS = count()


@dataclass
class Snapshot:
    """The ledger inside the caller's transaction (repeatable read), as the owner.

    Takes   `since`: a trusted checkpoint; only what came after it is checked, and that the tree extends it.
    Counts  `entries`, `erased`, `waiting` (not sealed yet), `checkpoints`, `chunks`: what was seen so far."""

    connection: Connection
    keys: Sequence[Verifier]
    file: CheckpointFile
    since: CheckpointNote | None = None
    progress: Progress = lambda done, of: None
    entries: int = 0
    erased: int = 0
    waiting: int = 0
    checkpoints: int = 0
    chunks: int = 0
    latest: CheckpointNote | None = None
    erased_people: set[UUID] = field(default_factory=set)

    @property
    def begin(self) -> int:
        """The first position to check."""
        return self.since.size if self.since else 0

    def read_any_time(self) -> None:
        """From here on also reads times that Python can't represent."""
        self.connection.adapters.register_loader("timestamptz", _Lenient)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        with self.connection.cursor(f"verify {next(_NUMBERS)}", binary=True) as cursor:
            cursor.itersize = ROWS_AT_ONCE
            cursor.execute(sql.encode(), values)
            yield from cursor

    def one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        return self.connection.execute(sql.encode(), values, binary=True).fetchone()

    def tile(self, level: int, number: int) -> bytes:
        found = self.one("select hashes from tile where level = %s and number = %s", [level, number])
        return bytes(found[0]) if found else b""


class _Lenient(TimestamptzBinaryLoader):
    """Also reads times that Python can't represent: someone may have inserted one."""

    def load(self, data: Any) -> datetime:
        try:
            return super().load(data)
        except psycopg.DataError:
            return datetime.max.replace(tzinfo=UTC)
