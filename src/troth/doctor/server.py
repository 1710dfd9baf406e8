"""The database: whether it answers, its roles, its tables, its key and its clock."""

import ctypes
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg

from troth import configuration, database, seal
from troth.doctor import NO_DATABASE, NOT_MIGRATED, NOT_PREPARED, Line, Patient, fine, missing, skip
from troth.gate import WrongRole, health

_MOST_APART = timedelta(seconds=5)
_NOT_YET = ("starting up", "shutting down", "recovery mode", "not yet accepting")
"""What a server says to everyone. Whatever else it says, it says to us."""
_TIMEX_BYTES, _TIME_ERROR = 512, 5


def answers(patient: Patient) -> Iterator[Line]:
    try:
        version, _now = health.version(patient.environment.database_url)
    except psycopg.OperationalError as error:
        if patient.lacks_database:
            yield missing(NO_DATABASE, "troth database init")
            return
        why = str(error).splitlines()[0].strip()
        if "FATAL:" in why and not any(words in why for words in _NOT_YET):
            yield missing(f"The database refuses us: {why}", "troth database init   (or look into the server's log)")
            return
        fix = "troth run" if patient.is_embedded else "systemctl start postgresql   (or: troth database init)"
        yield missing(f"The database doesn't answer: {why}", fix)
        return
    yield fine(f"PostgreSQL {version} answers.")


def roles(patient: Patient) -> Iterator[Line]:
    if patient.unready:
        yield skip(patient.unready)
        return
    urls = {database.APPLICATION: patient.environment.database_url, database.SEALER: patient.sealer_url}
    for role, url in urls.items():
        yield from _role(role, url)
    yield from _owner(patient.owner_url)


def _role(role: str, url: str | None) -> Iterator[Line]:
    if url is None:
        yield skip(f"The address of {role} is not known here.", _say_where(role))
        return
    try:
        health.check_role(url, role)
    except WrongRole as wrong:
        yield missing(str(wrong), "troth database init, then: troth migrate")
    except psycopg.Error as error:
        yield missing(f"{role} can't connect: {str(error).splitlines()[-1].strip()}", "troth database init")
    else:
        yield fine(f"{role} has exactly its privileges.")


def _owner(url: str | None) -> Iterator[Line]:
    if url is None:
        yield skip("The owner's address is not known here.", _say_where(database.OWNER))
        return
    try:
        health.check_owner(url)
    except WrongRole as wrong:
        yield missing(str(wrong), "troth database init")
    except psycopg.Error as error:
        yield missing(f"The owner can't connect: {str(error).splitlines()[-1].strip()}", "troth database init")
    else:
        yield fine(f"{database.OWNER} owns the tables and is no superuser.")


def _say_where(role: str) -> str:
    file = configuration.ADDRESS_FILES[role]
    return f"Run this as root with: troth --config {configuration.FOLDER} doctor   (reads {file.name})"


def migrations(patient: Patient) -> Iterator[Line]:
    if patient.unready == NOT_PREPARED:
        yield missing("The site isn't prepared yet: its database has no tables.", "systemctl enable --now troth.target")
    elif patient.unready not in ("", NOT_MIGRATED):
        yield skip(patient.unready)
    elif later := health.later_migrations():
        sentence = f"A later version of the program has migrated this database: {later[0]} is not known here."
        yield missing(sentence, "Install that version again, or restore a backup from before it.")
    elif left := health.missing_migrations():
        says = "1 migration is" if len(left) == 1 else f"{len(left)} migrations are"
        fix = "systemctl restart troth-prepare troth.target   (or: troth migrate)"
        yield missing(f"{says} missing, first: {left[0]}.", fix)
    else:
        yield fine("All migrations are applied.")


def key(patient: Patient) -> Iterator[Line]:
    if patient.unready:
        yield skip(patient.unready)
        return
    try:
        health.check_key(patient.environment.database_url, patient.environment.master_key_file)
    except seal.SealError as problem:
        yield missing(str(problem), "Put the right key back from your safe.")
    except psycopg.Error:
        yield missing("The database doesn't know its key yet.", "troth prepare --services")
    else:
        yield fine("The master key is the one of this database.")


def clock(patient: Patient) -> Iterator[Line]:
    yield from _check_ntp()
    if not patient.has_database:
        yield skip(patient.unready)
        return
    _version, there = health.version(patient.environment.database_url)
    apart = abs(datetime.now(UTC) - there)
    if apart > _MOST_APART:
        yield missing(f"The clocks of database and pages are {apart.seconds} s apart.", "timedatectl set-ntp true")
    else:
        yield fine("The database's clock agrees with this machine's.")
    if not patient.unready:
        yield from _check_mark(patient.owner_url)


def _check_mark(owner_url: str | None) -> Iterator[Line]:
    try:
        if owner_url and (state := health.clock(owner_url)).is_backward:
            yield missing(str(state).replace("\n", " "), "timedatectl set-ntp true")
    except psycopg.Error:
        return  # of the roles, that line says why


def _check_ntp() -> Iterator[Line]:
    """What the kernel knows from the program that keeps its clock, in a container as well.   Source  adjtimex(2)"""
    state = ctypes.CDLL(None).ntp_adjtime(ctypes.create_string_buffer(_TIMEX_BYTES))
    if state == _TIME_ERROR:
        yield missing("This machine's clock is not synchronized.", "timedatectl set-ntp true")
    elif state < 0:
        yield skip("Whether this machine's clock is synchronized is not known.")
    else:
        yield fine("This machine's clock is synchronized.")
