"""What happens to people from which their data are kept so long: licenses and their end.

A contact, an account and a request are written with their fact, by the database's own functions; here stands what only
a room knows. `records/sql/times.sql` says what follows from it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from troth.records.calls import rows
from troth.records.ids import NOBODY

STEP = "times of events"
_BATCH = 500


def note_license(person: UUID, license: UUID, *, ends_utc: datetime | None) -> None:
    """When the license's period ends, or has ended; None for one without an end yet. The last word counts."""
    _note(person, "license period", license, ends_utc)


def reckon(*, at_most: int = 1_000) -> bool:
    """Whether there may be more people whose stored data a changed retention time has not reached yet.

    Takes   at_most: people whose data are reckoned now, in the order of their ids, from where the last call ended."""
    return bool(rows("select reckon_some(%s)", [at_most])[0][0])


def fill_some(cursor: Any) -> bool:
    """True if there is more to do, as the owner: what stored facts say of the events of a batch of people."""
    cursor.execute("select after, ended_utc is not null from progress where step = %s", [STEP])
    after, ended = cursor.fetchone() or (NOBODY, False)
    if ended:
        return False
    cursor.execute("select person_id from person_key where person_id > %s order by person_id limit %s", [after, _BATCH])
    people = [person for (person,) in cursor.fetchall()]
    cursor.execute("select times_fill(%s::uuid[])", [people])
    cursor.execute(
        "insert into progress (step, after, changed, ended_utc) values (%s, %s, %s, case when %s then now_utc() end)"
        " on conflict (step) do update set after = excluded.after, changed = progress.changed + excluded.changed,"
        " ended_utc = excluded.ended_utc",
        [STEP, people[-1] if people else after, len(people), not people],
    )
    return bool(people)


def _note(person: UUID, event: str, object: UUID, at_utc: datetime | None) -> None:
    rows("select event_note(%s, %s, %s, %s)", [person, event, object, at_utc])
