"""Compares a database and its journal at each start, as the owner: each gets what it lacks.

In a database that was restored from a backup, the acts after the backup are missing. They are repeated before the site
opens, and all email is held until the operator has checked.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction

from troth.records import journal
from troth.records.calls import Refusal, refusals
from troth.records.ids import new_id
from troth.records.journal import Journal, JournalAct, Mark

AFTER_RESTORE = "after a restore"
"""Why an email is held that was queued before the restore, or after it until email was released."""
PERHAPS_SENT = "may have left before the restore"
"""Why an email from before it stays held once the others are released."""
WHO = "program:restore"
_BATCH = 5_000
_ALIAS = "owner"


@dataclass(frozen=True)
class Replayed:
    """What was repeated.

    done     kind of act → how many
    unknown  how many are about people whom this database does not know
    refused  how many it refused, because it has no such version or question
    damaged  numbers of the journal's lines that were ignored"""

    done: dict[str, int]
    unknown: int
    refused: int
    damaged: tuple[int, ...]


def older(cursor: Any, kept: Journal, *, signed: int) -> str:
    """Why the database must be older than the journal; "" if nothing indicates it.

    Takes   signed: the size of the last checkpoint in the file outside the database."""
    mark, acts = kept.since_mark()
    now = _count(cursor)
    (stored,) = _one(cursor, "select coalesce(max(size), 0) from checkpoint")
    if mark and (now.ordered < mark.ordered or now.entries < mark.entries):
        return f"it has {now.entries} ledger entries, but had {mark.entries} when the site was started last"
    if missing := sum(1 for _ in _lacking(cursor, acts)):
        return f"{missing} of the acts in the journal are not in it"
    if signed > stored:
        return f"its last checkpoint has {stored} entries, the one in the checkpoint file {signed}"
    return ""


def complete(cursor: Any, kept: Journal) -> int:
    """Adds acts to the journal that a killed process couldn't write; returns how many."""
    mark, _ = kept.since_mark()
    missing = kept.lacking(_acts_from(cursor, mark.ordered if mark else 0))
    for act in missing:
        kept.append(act)
    kept.mark(_count(cursor))
    return len(missing)


def replay(cursor: Any, kept: Journal, *, at_utc: datetime, why: str, who: str) -> Replayed:
    """Repeats every act that the database lacks, holds all email, and ends sessions and emailed secrets.

    Runs in the caller's transaction, which should contain nothing else. Repeating it changes nothing."""
    done: dict[str, int] = {}
    unknown = refused = 0
    for act in _lacking(cursor, kept.acts()):
        match _again(cursor, act):
            case "unknown":
                unknown += 1
            case "refused":
                refused += 1
            case "done":
                done[act.kind] = done.get(act.kind, 0) + 1
    cursor.execute("select hold_mail(%s, %s, %s, %s)", [new_id(), at_utc, why, AFTER_RESTORE])
    cursor.execute("select note_restore(%s, %s, %s, %s)", [new_id(), who, why, sum(done.values())])
    return Replayed(done, unknown, refused, tuple(kept.find_damaged()))


def settle_mark(cursor: Any, kept: Journal) -> None:
    """Marks that the journal knows everything in this database up to now."""
    kept.mark(_count(cursor))


def _again(cursor: Any, act: JournalAct) -> str:
    cursor.execute("select erased_utc from person where id = %s", [act.person])
    found = cursor.fetchone()
    if found is None or found[0] is not None:
        return "gone" if found else "unknown"
    try:
        with refusals(), transaction.atomic(using=_ALIAS):
            cursor.execute(*_statement(act))
    except Refusal:
        return "refused"
    return "done"


def _statement(act: JournalAct) -> tuple[str, list[Any]]:
    """The act as a call of the original function, with the same entry."""
    fields = act.details
    match act.kind:
        case journal.CHOSE:
            # A version that was adopted after the backup is not known here; the latest before it asks as much.
            call = "select choose(%s, %s, %s, least(%s, law_current()), false, %s, %s)"
            return call, [act.person, act.entry, fields["question"], fields["version"], fields["way"], WHO]
        case journal.SIGNAL:
            return "select note_signal(%s, %s, %s, %s)", [act.person, act.entry, fields["section"], fields["way"]]
        case journal.REMOVED:
            call = "select let_go_of(%s, %s, %s, 'removed', %s, %s)"
            return call, [act.person, UUID(fields["datum"]), act.entry, fields["way"], WHO]
        case journal.ERASED:
            return "select erase(%s, %s, %s, %s)", [act.person, act.entry, fields["who"], AFTER_RESTORE]
    call = "select erase_but(%s, %s, %s, %s, %s, null)"
    return call, [act.person, act.entry, list(fields["kept"]), fields["who"], AFTER_RESTORE]


def _lacking(cursor: Any, acts: Iterable[JournalAct]) -> Iterator[JournalAct]:
    """Those whose entry the database does not have."""
    left = iter(acts)
    while batch := list(islice(left, _BATCH)):
        cursor.execute(
            "select it.entry from unnest(%s::uuid[], %s::uuid[]) as it (person, entry)"
            " where not exists (select from entry e where e.person_id = it.person and e.id = it.entry)",
            [[act.person for act in batch], [act.entry for act in batch]],
        )
        missing = {entry for (entry,) in cursor.fetchall()}
        yield from (act for act in batch if act.entry in missing)


def _acts_from(cursor: Any, position: int) -> list[JournalAct]:
    """The acts in the ledger from a position on, and those not ordered yet."""
    cursor.execute(
        "select e.kind, e.person_id, e.id, e.at_utc, e.who, e.section, e.payload from ("
        " select o.person_id, o.entry_id from leaf_order o where o.position >= %s"
        " union all select q.person_id, q.entry_id from entry_queue q) it"
        " join entry e on e.person_id = it.person_id and e.id = it.entry_id"
        " where e.kind = any (%s) order by e.at_utc, e.id",
        [position, list(journal.ACTS)],
    )
    found = (_act(*row) for row in cursor.fetchall())
    return [act for act in found if act is not None]


def _act(kind: str, person: UUID, entry: UUID, at: datetime, who: str, section: str, payload: Any) -> JournalAct | None:
    """None for an opt-in, and for entries of an erased person."""
    fields = payload if isinstance(payload, dict) else json.loads(payload)
    match kind:
        case journal.CHOSE if fields.get("yes") is False:
            details = {name: fields[name] for name in ("question", "way")} | {"version": fields.get("version", 0)}
        case journal.SIGNAL if "way" in fields:
            details = {"section": section, "way": fields["way"]}
        case journal.REMOVED if "datum" in fields:
            details = {"datum": fields["datum"], "way": fields["way"]}
        case journal.ERASED | journal.ERASED_IN_PART:
            details = {"who": who, "kept": fields.get("kept", [])}
        case _:
            return None
    return JournalAct(kind, person, entry, at, details)


def _count(cursor: Any) -> Mark:
    ordered, queued = _one(
        cursor,
        "select (select coalesce(max(o.position) + 1, 0) from leaf_order o), (select count(*) from entry_queue)",
    )
    return Mark(ordered, ordered + queued)


def _one(cursor: Any, sql: str) -> Any:
    cursor.execute(sql)
    return cursor.fetchone()
