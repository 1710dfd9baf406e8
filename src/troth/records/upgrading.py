"""Upgrade steps for all people, by id, a batch in each transaction; the next start goes on where one ended."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from troth.records.ids import NOBODY

BATCH = 500
WITH_KEY = "select person_id from person_key where person_id > %s order by person_id limit %s"
"""Everyone whose data can be decrypted."""


def run_some(
    cursor: Any, step: str, act: Callable[[list[UUID]], int], *, people: str = WITH_KEY, batch: int = BATCH
) -> bool:
    """Does the step for the next batch of people, as the owner. True if there is more to do.

    Takes   act: what is done for them, and how many it changed; people: a query of ids after one, so many of them"""
    cursor.execute("select after, ended_utc is not null from progress where step = %s", [step])
    after, ended = cursor.fetchone() or (NOBODY, False)
    if ended:
        return False
    cursor.execute(people, [after, batch])
    found = [person for (person,) in cursor.fetchall()]
    cursor.execute(
        "insert into progress (step, after, changed, ended_utc) values (%s, %s, %s, case when %s then now_utc() end)"
        " on conflict (step) do update set after = excluded.after, changed = progress.changed + excluded.changed,"
        " ended_utc = excluded.ended_utc",
        [step, found[-1] if found else after, act(found), not found],
    )
    return bool(found)
