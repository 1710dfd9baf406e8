"""Events from which retention periods run: requests opened and closed, licenses and their end.

The database's functions record contacts, accounts and answers by themselves; here is what only a room knows.
`records/sql/times.sql` computes what follows from it.
"""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from troth.records.calls import rows
from troth.records.upgrading import run_some

STEP, LICENSES = "times of events", "times of licenses"
_FILLS = {STEP: "times_fill", LICENSES: "licenses_fill"}


def note_license(person: UUID, license: UUID, *, ends_utc: datetime | None) -> None:
    """When the license's period ends or ended; None if there is no end yet. The latest call counts."""
    _note(person, "license period", license, ends_utc)


def reckon(*, at_most: int = 1_000) -> bool:
    """Applies changed retention periods to stored data. True if there may be more people to do.

    Takes   at_most: how many people to process, ordered by id, from where the last call ended."""
    return bool(rows("select reckon_some(%s)", [at_most])[0][0])


def fill_some(cursor: Any) -> bool:
    """Fills in events of a batch of people from stored data, as the owner. True if there is more to do."""
    return any(run_some(cursor, step, partial(_fill, cursor, function)) for step, function in _FILLS.items())


def _fill(cursor: Any, function: str, people: list[UUID]) -> int:
    cursor.execute(f"select {function}(%s::uuid[])", [people])
    return len(people)


def _note(person: UUID, event: str, object: UUID, at_utc: datetime | None) -> None:
    rows("select event_note(%s, %s, %s, %s)", [person, event, object, at_utc])
