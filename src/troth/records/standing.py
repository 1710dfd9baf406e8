"""The standing of people, which the gate asks: completed after a migration, compared, rebuilt."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

_BATCH = 5_000


@dataclass(frozen=True)
class Difference:
    """A person whose row differs from their data and answers; None if there is no row, or should be none."""

    person: UUID
    stands: str | None
    truth: str | None


def complete(cursor: Any) -> None:
    """Adds versions and people from before standings existed."""
    cursor.execute("select distinct version_id from law_use where stated_in = '{}' order by version_id")
    for (number,) in cursor.fetchall():
        cursor.execute("select law_compile(%s)", [number])
    cursor.execute(
        "select p.id from person p join person_key k on k.person_id = p.id"
        " where p.erased_utc is null and not exists (select from standing s where s.person_id = p.id)"
    )
    _settle(cursor, [person for (person,) in cursor.fetchall()])


def rebuild(cursor: Any) -> int:
    """The number of people whose row was rebuilt from data and answers."""
    done = 0
    for people in _everybody(cursor):
        cursor.execute("delete from standing where person_id = any (%s)", [people])
        _settle(cursor, people)
        done += len(people)
    return done


def differences(cursor: Any) -> Iterator[Difference]:
    """What `rebuild` would change, reading only."""
    for people in _everybody(cursor):
        cursor.execute("select person_id, stands, truth from standing_differences(%s, now_utc())", [people])
        yield from (Difference(*row) for row in cursor.fetchall())


def _settle(cursor: Any, people: list[UUID]) -> None:
    for start in range(0, len(people), _BATCH):
        cursor.execute("select settle(%s, now_utc())", [people[start : start + _BATCH]])


def _everybody(cursor: Any) -> Iterator[list[UUID]]:
    last = UUID(int=0)
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
