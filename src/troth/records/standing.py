"""The standing of people, which the gate asks: completed after a migration, compared, rebuilt."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from troth.records.ids import NOBODY
from troth.records.upgrading import run_some

_BATCH = 5_000
_REGIONS = "regions of people"
_WITH_PLACE = (
    "select distinct d.person_id from datum d where d.person_id > %s and d.removed_utc is null"
    " and d.kind in (select k.kind from law_kept k where k.place <> '') order by d.person_id limit %s"
)


@dataclass(frozen=True)
class Difference:
    """A person whose row differs from their data and answers; None if there is no row, or should be none."""

    person: UUID
    stands: str | None
    truth: str | None


def complete(cursor: Any) -> None:
    """Adds versions and people from before standings existed; forgets what a former program worked out of the law."""
    cursor.execute("delete from law_answer")
    cursor.execute("delete from law_reach")
    cursor.execute("select distinct version_id from law_use where stated_in = '{}' order by version_id")
    for (number,) in cursor.fetchall():
        cursor.execute("select law_write_again(%s)", [number])
    cursor.execute(
        "select p.id from person p join person_key k on k.person_id = p.id"
        " where p.erased_utc is null and not exists (select from standing s where s.person_id = p.id)"
    )
    _settle(cursor, [person for (person,) in cursor.fetchall()])


def fill_regions(cursor: Any) -> bool:
    """Gives people from before choices by region the cohort of theirs, as the owner. True if there is more to do."""
    return run_some(cursor, _REGIONS, partial(_settle, cursor), people=_WITH_PLACE, batch=_BATCH)


def rebuild(cursor: Any) -> int:
    """The number of people whose row was rebuilt from data and answers."""
    done = 0
    for people in _everybody(cursor):
        cursor.execute("delete from standing where person_id = any (%s)", [people])
        _settle(cursor, people)
        done += len(people)
    return done


def differences(cursor: Any) -> Iterator[Difference]:
    """Whose rows `rebuild` would put right, reading only."""
    for people in _everybody(cursor):
        cursor.execute("select person_id, stands, truth from standing_differences(%s, now_utc())", [people])
        yield from (Difference(*row) for row in cursor.fetchall())


def _settle(cursor: Any, people: list[UUID]) -> int:
    for start in range(0, len(people), _BATCH):
        cursor.execute("select settle(%s, now_utc())", [people[start : start + _BATCH]])
    return len(people)


def _everybody(cursor: Any) -> Iterator[list[UUID]]:
    last = NOBODY
    while True:
        cursor.execute(
            "select id from person p where id > %s and (exists (select from person_key k where k.person_id = p.id)"
            " or exists (select from standing s where s.person_id = p.id)) order by id limit %s",
            [last, _BATCH],
        )
        people = [person for (person,) in cursor.fetchall()]
        if not people:
            return
        last = people[-1]
        yield people
