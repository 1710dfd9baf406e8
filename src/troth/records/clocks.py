"""The database's clock compared with what was signed, and the operator's confirmation. As the owner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from troth.records.ids import new_id

SAY_RIGHT = 'troth ledger clock --right --reason "..."'
_MOST_CHARACTERS = 500


@dataclass(frozen=True)
class ClockState:
    """The clock's time, and the time it may not be before. `size` of the last checkpoint, 0 before the first."""

    now_utc: datetime
    mark_utc: datetime | None
    size: int

    @property
    def is_backward(self) -> bool:
        return self.mark_utc is not None and self.now_utc < self.mark_utc

    def __str__(self) -> str:
        state = f"The clock of the database says {self.now_utc:%Y-%m-%d %H:%M:%S} UTC."
        if self.mark_utc is None:
            return f"{state} Nothing is signed yet."
        state += f"\nThe last checkpoint ({self.size} entries) counts as of {self.mark_utc:%Y-%m-%d %H:%M:%S} UTC."
        if not self.is_backward:
            return state
        return (
            f"{state}\nThe clock is earlier than that: no data is read and nothing is signed. If the clock is wrong, "
            f"correct it. If it is right now and was wrong then, confirm it: {SAY_RIGHT}"
        )


def state(connection: psycopg.Connection[tuple[Any, ...]]) -> ClockState:
    row = connection.execute(
        "select clock_timestamp(), clock_mark(), (select coalesce(max(size), 0) from checkpoint)"
    ).fetchone()
    assert row is not None
    return ClockState(*row)


def say_right(connection: psycopg.Connection[tuple[Any, ...]], *, by: str, reason: str) -> None:
    """Confirms that the clock is right, with an entry of Nobody that says who confirmed it and why."""
    connection.execute("select clock_say(%s, %s, %s)", [new_id(), by, reason[:_MOST_CHARACTERS]])
