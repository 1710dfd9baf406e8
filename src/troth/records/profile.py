"""Data for a person's own pages: data without values, corrections, the browser's signal."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from troth.addresses import NoAddress
from troth.policy import UseEnd
from troth.queries import Part, write_array
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


def list_people_of(people: Sequence[UUID]) -> Mapping[UUID, Sequence[UUID]]:
    """Each of them → the same.   Cost  1 query."""
    found: dict[UUID, list[UUID]] = {person: [] for person in people}
    for person, other in rows("select who, people_of(who) from unnest(%s::uuid[]) who", [list(found)]):
        found[person].append(other)
    return found


def people_at(address: str, *, most: int) -> list[UUID]:
    """The people whose current email address this is, in any spelling; newest first.   Cost  1 query."""
    return [row[0] for row in rows("select people_at(%s, %s)", [address_index(address), most])]


def has_address(person: UUID, address: str) -> bool:
    """Whether this is the person's current email address, in any spelling.   Cost  1 query."""
    try:
        index = address_index(address)
    except NoAddress:
        return False
    return bool(rows("select has_address(%s, %s)", [person, index])[0][0])


_COLUMNS = "id, kind, channel, version, way, evidence, collected_utc, kept_until_utc, request, purposes, untils"


def list_data(person: UUID, *, kinds: Sequence[str] | None = None) -> list[HeldDatum]:
    """The person's data, of these kinds or of all, oldest first.   Cost  1 query."""
    found = rows(
        f"select {_COLUMNS} from pieces_of(%s) where %s::text[] is null or kind = any (%s)", [person, kinds, kinds]
    )
    return [_make_datum(row) for row in found]


def list_kinds(person: UUID) -> dict[str, list[str]]:
    """Kind → the ids of its data, oldest first: what choosing some of five hundred needs.   Cost  1 query."""
    found = rows("select kind, string_agg(id::text, ' ' order by id) from pieces_of(%s) group by kind", [person])
    return {kind: ids.split() for kind, ids in found}


def find_data(person: UUID, data: Iterable[UUID]) -> dict[UUID, HeldDatum]:
    """Some of the person's data by their ids.   Cost  1 query."""
    found = rows(f"select {_COLUMNS} from pieces_of(%s, %s)", [person, [*data]])
    return {row[0]: _make_datum(row) for row in found}


def find_filled(queries: Sequence[Sequence[Part]]) -> list[int]:
    """Which of these hold anything: the places, in order, of those of which one query has a row.   Cost  1 query."""
    parts = [(at, part) for at, each in enumerate(queries) for part in each]
    if not parts:
        return []
    found = rows(
        " union ".join(f"select {at} where exists ({sql})" for at, (sql, _params) in parts) + " order by 1",
        [param for _at, (_sql, params) in parts for param in params],
    )
    return [at for (at,) in found]


def find_origins(people: Sequence[UUID]) -> dict[UUID, tuple[str, datetime]]:
    """Person → where and when the oldest of their data came in, where any is held.   Cost  1 query; none for nobody."""
    if not people:
        return {}
    found = rows(
        "select p, d.channel, d.collected_utc from unnest(%s::uuid[]) p,"
        " lateral (select channel, collected_utc from pieces_of(p) order by collected_utc, id limit 1) d",
        [[*people]],
    )
    return {person: (channel, at_utc) for person, channel, at_utc in found}


def find_newest(person: UUID, *, cause: UUID | None, only: UUID | None) -> dict[str, HeldDatum]:
    """Kind → its newest datum, one of the request `cause` first; `only` asks for what one gave.   Cost  1 query"""
    found = rows(f"select {_COLUMNS} from newest_of(%s, %s, %s)", [person, cause, only])
    return {row[1]: _make_datum(row) for row in found}


def _make_datum(row: Sequence[Any]) -> HeldDatum:
    *known, purposes, untils = row
    known.append(tuple(map(UseEnd, purposes, untils)))
    return HeldDatum(*known)


@dataclass(frozen=True)
class DatumUse:
    """What a datum was used or given out for: how often, and when last."""

    purpose: str
    times: int
    last_utc: datetime


def find_used(
    person: UUID, data: Iterable[UUID], *, apart_from: str
) -> Mapping[UUID, tuple[HeldDatum, Sequence[DatumUse]]]:
    """Some of the person's data by their ids, with what each was used for since it came, the latest first.

    Takes   apart_from: a purpose whose uses don't count
    Cost    1 query."""
    asked = [*data]
    found: dict[UUID, tuple[HeldDatum, list[DatumUse]]] = {}
    for *datum, purpose, times, last_utc in rows(
        f"select {_COLUMNS}, purpose, times, last_utc"
        " from pieces_of(%s, %s) left join uses_of_data(%s, %s, %s) on datum = id order by last_utc desc",
        [person, asked, person, asked, apart_from],
    ):
        _held, uses = found.setdefault(datum[0], (_make_datum(datum), []))
        if purpose is not None:
            uses.append(DatumUse(purpose, times, last_utc))
    return found


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


def note_signals(people: Collection[UUID], *, section: str, way: str) -> bool:
    """Records that these people, who are one reader, ask us not to sell or share data, by browser. True if it is new.

    Cost  1 query and 1 write to the journal."""
    entries = {person: new_id() for person in sorted(people)}
    noted = rows(
        "select it.person, note_signal(it.person, it.entry, %s, %s)"
        " from unnest(%s::uuid[], %s::uuid[]) it (person, entry)",
        [section, way, write_array(entries), write_array(entries.values())],
    )
    at_utc, details = datetime.now(UTC), {"section": section, "way": way}
    new = [person for person, is_new in noted if is_new]
    journal.keep_all([journal.JournalAct(journal.SIGNAL, one, entries[one], at_utc, details) for one in new])
    return bool(new)
