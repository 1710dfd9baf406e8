"""Events from which retention periods run: requests opened and closed, licenses and their end.

The database's functions record contacts, accounts and answers by themselves; here is what only a room knows.
`records/sql/times.sql` computes what follows from it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from troth.records.calls import rows
from troth.records.ids import NOBODY

STEP, LICENSES = "times of events", "times of licenses"
_FILLS = {STEP: "times_fill", LICENSES: "licenses_fill"}
_BATCH = 500


def note_license(person: UUID, license: UUID, *, ends_utc: datetime | None) -> None:
    """When the license's period ends or ended; None if there is no end yet. The latest call counts."""
    _note(person, "license period", license, ends_utc)


def reckon(*, at_most: int = 1_000) -> bool:
    """Applies changed retention periods to stored data. True if there may be more people to do.

    Takes   at_most: how many people to process, ordered by id, from where the last call ended."""
    return bool(rows("select reckon_some(%s)", [at_most])[0][0])


def fill_some(cursor: Any) -> bool:
    """Fills in events of a batch of people from stored data, as the owner. True if there is more to do."""
    return any(_fill(cursor, step, function) for step, function in _FILLS.items())


def _fill(cursor: Any, step: str, function: str) -> bool:
    cursor.execute("select after, ended_utc is not null from progress where step = %s", [step])
    after, ended = cursor.fetchone() or (NOBODY, False)
    if ended:
        return False
    cursor.execute("select person_id from person_key where person_id > %s order by person_id limit %s", [after, _BATCH])
    people = [person for (person,) in cursor.fetchall()]
    cursor.execute(f"select {function}(%s::uuid[])", [people])
    cursor.execute(
        "insert into progress (step, after, changed, ended_utc) values (%s, %s, %s, case when %s then now_utc() end)"
        " on conflict (step) do update set after = excluded.after, changed = progress.changed + excluded.changed,"
        " ended_utc = excluded.ended_utc",
        [step, people[-1] if people else after, len(people), not people],
    )
    return bool(people)


def _note(person: UUID, event: str, object: UUID, at_utc: datetime | None) -> None:
    rows("select event_note(%s, %s, %s, %s)", [person, event, object, at_utc])
