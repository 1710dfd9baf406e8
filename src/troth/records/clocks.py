"""Clocks in doubt: one that is earlier than what was signed, or that went ahead of what nobody can set.

The operator confirms, as the owner, that the database's clock is right.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from django.utils.translation import gettext as _

from troth.records.calls import rows
from troth.records.ids import new_id

SAY_RIGHT = 'troth ledger clock --right --reason "..."'
_MOST_CHARACTERS = 500


@dataclass
class Watch:
    """Compares a clock with the machine's monotonic clock, which nobody can set.

    If the first gets ahead of the second by more than `doubted`, it jumped: that is doubted until it is undone or the
    operator confirms the clock. Shared between connections, so that a reconnect doesn't forget a jump."""

    elapsed: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME)
    doubted: timedelta = timedelta(seconds=30)
    _began: datetime | None = None
    _words: int = 0

    def look(self, now: datetime, *, words: int) -> timedelta | None:
        """By how much it jumped; None if both clocks advanced equally since the first check."""
        began = now - timedelta(seconds=self.elapsed())  # where the clock would have stood when the machine started
        if self._began is not None and words == self._words and (ahead := began - self._began) > self.doubted:
            return ahead
        self._began = began if words != self._words or self._began is None else max(began, self._began)
        self._words = words
        return None


_HOUR = timedelta(hours=1)
_WATCHES = {"database": Watch(doubted=_HOUR), "machine": Watch(doubted=_HOUR)}
"""Of this process: what is over is deleted an hour early at most."""


def find_doubt() -> str:
    """Why nothing may be ended or deleted because its time is over, in a sentence; "" if both clocks go on as before.

    Cost  1 query."""
    ((now, words),) = rows("select clock_timestamp(), clock_words()")
    for of, clock in (("database", now), ("machine", datetime.now(UTC))):
        if (ahead := _WATCHES[of].look(clock, words=words)) is not None:
            said = {"time": timedelta(seconds=round(ahead.total_seconds())), "command": SAY_RIGHT}
            return (
                _(
                    "The clock went ahead by %(time)s, so nothing that expires is ended or deleted now. Set the clock "
                    "right. If it’s right, confirm it: %(command)s"
                )
                % said
            )
    return ""


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
