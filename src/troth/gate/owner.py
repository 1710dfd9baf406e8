"""What only the owner of the database does, and the check that the server is not the owner.

Migrating and adopting run in a separate process that has the alias "owner"; the server never has it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, connections, transaction

from troth.policy import Policy, Translation
from troth.records import (
    demo_time,
    finding,
    functions,
    journal,
    keymark,
    privileges,
    readdressing,
    restoring,
    standing,
    tables,
    times,
)
from troth.records.calls import refusals
from troth.records.journal import JournalProblem
from troth.records.law import translations, versions
from troth.records.law.versions import CannotAdopt
from troth.records.ledger.checkpoints import CheckpointFile
from troth.records.restoring import AFTER_RESTORE, Replayed
from troth.seal import vault

__all__ = [
    "CannotAdopt",
    "JournalProblem",
    "Replayed",
    "adopt",
    "adopt_all",
    "adopt_translation",
    "announce",
    "apply_functions",
    "backdating",
    "begin_tables",
    "check_role",
    "close_staff",
    "complete_journal",
    "differences",
    "fill_regions",
    "fill_times",
    "mark_values",
    "older_than_journal",
    "readdress",
    "rebuild",
    "release_mail",
    "restore",
    "seal_key_mark",
]

_OWNER = "owner"


def adopt(text: str, *, by: str) -> Policy:
    """The policy, now in force for everyone. Raises CannotAdopt with all findings, Refusal for a wrong number."""
    return versions.adopt(text, by=by, using=connections[_OWNER])


def announce(text: str, *, id: UUID, zone: tzinfo, by: str) -> Policy:
    """The policy, announced: in force when its date begins in `zone`. Raises as `adopt`, and where that has come."""
    return versions.announce(text, id=id, zone=zone, by=by, using=connections[_OWNER])


def adopt_translation(text: str, *, version: int, by: str) -> Translation:
    """The translation of an adopted version, now shown. Raises CannotAdopt with all findings, Refusal."""
    return translations.adopt_translation(text, version=version, by=by, using=connections[_OWNER])


def adopt_all(texts: Sequence[str], *, by: str) -> list[Policy]:
    """The policies, the last of them in force: all are adopted or none. Raises as `adopt`."""
    with transaction.atomic(using=_OWNER):
        return [adopt(text, by=by) for text in texts]


@contextmanager
def backdating() -> Iterator[None]:
    """In it, a demonstration's people may have a past: `records.demo_time.at`."""
    with demo_time.backdating(using=_OWNER):
        yield


def begin_tables() -> None:
    """Gives a new database its tables; the migrations that are left follow."""
    with transaction.atomic(using=_OWNER), connections[_OWNER].cursor() as cursor:
        tables.begin(cursor)


def lacks_migrations() -> bool:
    """Whether a migration of this version was not applied yet."""
    return bool(tables.list_missing(connections[_OWNER]))


def list_later_migrations() -> list[str]:
    """Migrations of a later version than this one: its functions and privileges would be replaced by older ones."""
    return tables.list_later(connections[_OWNER])


def apply_functions() -> None:
    """Creates the functions of this version, and gives the application's role exactly the listed privileges.

    Run after every migration. Other sessions see all of it or nothing."""
    with transaction.atomic(using=_OWNER), connections[_OWNER].cursor() as cursor:
        functions.apply(cursor)
        privileges.apply(cursor)
        standing.complete(cursor)
        versions.complete(cursor)


def _run_in_batches(some: Callable[[Any], bool]) -> None:
    """Calls `some` with the owner's cursor, each time in a transaction of its own, until nothing is left."""
    more = True
    while more:
        with transaction.atomic(using=_OWNER), connections[_OWNER].cursor() as cursor:
            more = some(cursor)


def readdress(rooms: Sequence[readdressing.Readdress]) -> None:
    """Gives stored addresses the index of this version. `rooms`: what rooms do for theirs.

    Runs once, a batch in each transaction. If interrupted, the next start continues."""
    _run_in_batches(lambda cursor: readdressing.readdress_some(cursor, rooms))


def fill_times() -> None:
    """Fills in what happened to people before event times were stored, as far as stored data shows it.

    Runs once, a batch in each transaction, like `readdress`."""
    _run_in_batches(times.fill_some)


def fill_regions() -> None:
    """Brings people to the cohort of the region where they live, after an upgrade from before there were such.

    Runs once, a batch in each transaction, like `readdress`."""
    _run_in_batches(standing.fill_regions)


def mark_values() -> None:
    """Marks stored names, companies, phones and orders, so that people are found by them.

    Runs once, a batch in each transaction, like `readdress`."""
    try:
        kinds = {id: kind for each in versions.law().versions.values() for id, kind in each.kinds.items()}
    except versions.NothingAdopted:
        return  # nothing is stored yet
    _run_in_batches(lambda cursor: finding.fill_some(cursor, kinds))


def rebuild() -> int:
    """The number of people whose standing was rebuilt from data and answers."""
    with transaction.atomic(using=_OWNER), connections[_OWNER].cursor() as cursor:
        return standing.rebuild(cursor)


def differences() -> list[standing.Difference]:
    """People whose standing is not what data and answers say. Changes nothing."""
    with connections[_OWNER].cursor() as cursor:
        return list(standing.differences(cursor))


def older_than_journal() -> str:
    """Why the database must have been restored from a backup, with actions missing; "" if nothing indicates it."""
    with connections[_OWNER].cursor() as cursor:
        return restoring.older(cursor, journal.of_site(), signed=_checkpoints().size())


def complete_journal() -> int:
    """How many actions were missing in the journal and have been added."""
    with connections[_OWNER].cursor() as cursor:
        return restoring.complete(cursor, journal.of_site())


def restore(*, at_utc: datetime, why: str, who: str) -> Replayed:
    """Repeats what the journal has and the database lacks, and holds all email. Safe to repeat.

    A checkpoint file that is ahead of the database is kept under another name, as evidence of the lost entries."""
    kept = journal.of_site()
    with transaction.atomic(using=_OWNER), connections[_OWNER].cursor() as cursor:
        replayed = restoring.replay(cursor, kept, at_utc=at_utc, why=why, who=who)
        cursor.execute("select coalesce(max(size), 0) from checkpoint")
        (stored,) = cursor.fetchone()
    if _checkpoints().size() > stored:
        _checkpoints().put_aside(at_utc=at_utc)
    with connections[_OWNER].cursor() as cursor:
        restoring.settle_mark(cursor, kept)
    return replayed


def release_mail(*, by: str, at_utc: datetime, again: bool, stays: str) -> list[UUID]:
    """Emails that may be sent now. With `again` also those from before the restore, perhaps sent already."""
    with connections[_OWNER].cursor() as cursor:
        cursor.execute("select release_mail(%s, %s, %s, %s, %s)", [by, at_utc, AFTER_RESTORE, stays, again])
        return [email for (email,) in cursor.fetchall()]


def _checkpoints() -> CheckpointFile:
    return CheckpointFile(Path(settings.TROTH_CHECKPOINT_FILE))


def check_role() -> None:
    """Nothing, if this process is connected as the application. Raises WrongRole with what to do."""
    with connection.cursor() as cursor:
        privileges.check(cursor)


def seal_key_mark() -> None:
    """Stores a known value under this master key. Raises WrongMasterKey if the database has another."""
    with transaction.atomic(using=_OWNER), connections[_OWNER].cursor() as cursor:
        keymark.seal(cursor, vault())


def close_staff(username: str) -> int:
    """Closes the account of a member of staff, and returns how many sessions ended. Raises Refusal."""
    with refusals(), transaction.atomic(using=_OWNER), connections[_OWNER].cursor() as cursor:
        cursor.execute("select staff_closed(%s)", [username])
        return int(cursor.fetchone()[0])
