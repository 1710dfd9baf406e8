"""Data for a person's own pages: data without values, corrections, the browser's signal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from troth.policy import UseEnd
from troth.records import journal
from troth.records.acting import session_token
from troth.records.calls import rows
from troth.records.ids import new_id
from troth.records.keeping import address_index


@dataclass(frozen=True)
class HeldDatum:
    """One datum: its source, time, version and retention. Never its value.

    `use_ends`: of purposes that may use it for a shorter time than it is kept."""

    id: UUID
    kind: str
    channel: str
    version: int
    way: str
    evidence: str
    collected_utc: datetime
    kept_until_utc: datetime | None
    cause: UUID | None
    use_ends: tuple[UseEnd, ...] = ()


def people_of(person: UUID) -> tuple[UUID, ...]:
    """The person, then everyone else who gave the address to which the person's emails go.   Cost  1 query."""
    found = {row[0] for row in rows("select people_of(%s)", [person])}
    return (person, *sorted(found - {person}))


def people_at(address: str, *, most: int) -> list[UUID]:
    """The people whose current email address this is, in any spelling; newest first.   Cost  1 query."""
    return [row[0] for row in rows("select people_at(%s, %s)", [address_index(address), most])]


_COLUMNS = "id, kind, channel, version, way, evidence, collected_utc, kept_until_utc, request, purposes, untils"


def list_data(person: UUID) -> list[HeldDatum]:
    """All data of the person, oldest first.   Cost  1 query."""
    return [_make_datum(row) for row in rows(f"select {_COLUMNS} from pieces_of(%s)", [person])]


def list_kinds(person: UUID) -> list[tuple[UUID, str]]:
    """Id and kind of all data, oldest first: what choosing some of five hundred needs.   Cost  1 query."""
    return rows("select id, kind from pieces_of(%s)", [person])


def find_data(person: UUID, data: Iterable[UUID]) -> dict[UUID, HeldDatum]:
    """Some of the person's data by their ids.   Cost  1 query."""
    found = rows(f"select {_COLUMNS} from pieces_of(%s, %s)", [person, [*data]])
    return {row[0]: _make_datum(row) for row in found}


def find_origins(people: Iterable[UUID]) -> dict[UUID, tuple[str, datetime]]:
    """Person → where and when the oldest of their data came in, where any is held.   Cost  1 query."""
    return {
        person: (channel, at_utc)
        for person, channel, at_utc in rows(
            "select p, d.channel, d.collected_utc from unnest(%s::uuid[]) p,"
            " lateral (select channel, collected_utc from pieces_of(p) order by collected_utc, id limit 1) d",
            [[*people]],
        )
    }


def find_newest(person: UUID, *, cause: UUID | None, only: UUID | None) -> dict[str, HeldDatum]:
    """Kind → its newest datum, one of the request `cause` first; `only` asks for what one gave.   Cost  1 query"""
    found = rows(f"select {_COLUMNS} from newest_of(%s, %s, %s)", [person, cause, only])
    return {row[1]: _make_datum(row) for row in found}


def _make_datum(row: Sequence[Any]) -> HeldDatum:
    *known, purposes, untils = row
    ends = tuple(map(UseEnd, purposes, untils))
    return replace(HeldDatum(*known), use_ends=ends)


@dataclass(frozen=True)
class DatumUse:
    """What a datum was used or given out for: how often, and when last."""

    datum: UUID
    purpose: str
    times: int
    last_utc: datetime


def list_uses(person: UUID, data: Iterable[UUID], *, apart_from: str) -> list[DatumUse]:
    """What these data was used for since they came, the latest first, apart from one purpose.   Cost  1 query."""
    found = rows("select datum, purpose, times, last_utc from uses_of_data(%s, %s, %s)", [person, [*data], apart_from])
    return [DatumUse(*row) for row in found]


def remove_datum(
    person: UUID, datum: UUID, *, because: Literal["removed", "corrected"], way: str, who: str = "person"
) -> UUID:
    """Deletes the value and returns the id of the ledger entry. Runs in the caller's transaction.

    Raises  Refusal: not held, or no longer."""
    entry = new_id()
    rows("select let_go_of(%s, %s, %s, %s, %s, %s, %s)", [person, datum, entry, because, way, who, session_token()])
    if because == "removed":
        journal.keep(journal.REMOVED, person=person, entry=entry, datum=str(datum), way=way)
    return entry


def note_signal(person: UUID, *, section: str, way: str) -> bool:
    """Records that the person's browser asks us not to sell or share data, if that is new; returns whether it is."""
    entry = new_id()
    new = bool(rows("select note_signal(%s, %s, %s, %s)", [person, entry, section, way])[0][0])
    if new:
        journal.keep(journal.SIGNAL, person=person, entry=entry, section=section, way=way)
    return new
