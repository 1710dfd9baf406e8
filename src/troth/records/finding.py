"""People found by what they are called, though it is sealed: each such value keeps keyed marks of its words.

    mark(…)           with a new value, in its transaction
    find_people(…)    who has all the marks of a search, in their name, company, phone and order numbers together

A mark is 32 bits of an HMAC that only the master key makes; nobody reads a word from it. Equal marks say that two
values share a word. The database deletes them with their value.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from troth.policy import Kind
from troth.records.calls import rows
from troth.records.types import type_of
from troth.records.upgrading import run_some
from troth.seal import CannotOpen, vault

STEP = "names, companies, phones and orders found by marks"
_MOST = 40
"""Marks of one value, and of one search."""
_ADD = "insert into datum_mark (datum, person_id, marks) values (%s, %s, %s::integer[])"
_ADD_ALL = (
    "insert into datum_mark (datum, person_id, marks) select (r ->> 'datum')::uuid, %s,"
    " array(select jsonb_array_elements_text(r -> 'marks')::integer) from jsonb_array_elements(%s::jsonb) r"
    " returning datum"
)


def make_marks(words: Iterable[str]) -> list[int]:
    """The same for the same words, in any order."""
    found = {int.from_bytes(vault().blind_index("called", word)[:4], "big", signed=True) for word in words}
    return sorted(found)[:_MOST]


def mark(person: UUID, data: Iterable[tuple[UUID, Kind, str]]) -> None:
    """The values are found from now on, those of kinds that callers tell. In the caller's transaction."""
    every = ((datum, make_marks(type_of(kind.type).sought(kind, value))) for datum, kind, value in data)
    if found := [{"datum": str(datum), "marks": marks} for datum, marks in every if marks]:
        rows(_ADD_ALL, [person, json.dumps(found)])


def find_people(marks: Collection[int], *, most: int) -> list[UUID]:
    """Who has all of them, newest first; nobody for none.   Cost  1 query."""
    wanted = sorted(set(marks))
    if not wanted:
        return []
    found = rows(
        "select d.person_id from datum_mark d, unnest(d.marks) m"
        " where d.marks && %s::integer[] and m = any (%s::integer[])"
        " group by d.person_id having count(distinct m) = %s order by d.person_id desc limit %s",
        [wanted, wanted, len(wanted), most],
    )
    return [person for (person,) in found]


def fill_some(cursor: Any, kinds: Mapping[str, Kind]) -> bool:
    """Marks the values of a batch of people that were stored before, as the owner. True if there is more to do."""
    return run_some(cursor, STEP, partial(_fill, cursor, kinds))


def _fill(cursor: Any, kinds: Mapping[str, Kind], people: list[UUID]) -> int:
    cursor.execute(
        "select d.id, d.person_id, d.kind, d.clear, d.sealed, k.wrapped from datum d"
        " join person_key k on k.person_id = d.person_id"
        " where d.person_id = any (%s) and d.kind = any (%s) and d.removed_utc is null"
        " and not exists (select from datum_mark m where m.datum = d.id)",
        [people, list(kinds)],
    )
    for datum, person, kind, clear, sealed, wrapped in cursor.fetchall():
        try:
            value = clear if clear is not None else vault().open(bytes(wrapped), person, kind, bytes(sealed))
        except CannotOpen:
            continue  # nobody finds it, as before
        if marks := make_marks(type_of(kinds[kind].type).sought(kinds[kind], value)):
            cursor.execute(_ADD, [datum, person, marks])
    return len(people)
