"""Backups: any number of value dumps, only the newest wrapped keys, and the stored files.

    FOLDER/troth-20261126T155000Z.values     everything but the people's keys (pg_dump, custom format)
    FOLDER/troth-20261126T155000Z.files      which stored files these values name
    FOLDER/files/3f/0190…3f                  the files themselves, encrypted, once for all backups of the folder
    FOLDER/troth.keys                        the people's wrapped keys; each backup replaces it

The keys are written after the values, so everyone in the values who was not erased in between has one. Of someone who
is erased the next backup's keys have none: what older values hold of them is then readable by nobody.
The key of a stored file is in a value, so the same holds for files. Copies of someone's data that are prepared for an
hour are left out. A file that no `.files` names any longer is deleted with the next backup.
The master key is in none of them; it is kept apart from all.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from troth import provision
from troth.files import Disk

KEYS, FILES = "troth.keys", "files"
_ASIDE = "before_restore"
_STOPS_WITHIN_SECONDS = 20
"""Jobs that are running when the site is notified to stop are finished first."""


class BackupProblem(Exception):
    """A backup cannot be made or restored; the message says why and what to do."""


@dataclass(frozen=True)
class Backup:
    """The files of a backup."""

    values: Path
    keys: Path

    @property
    def names(self) -> Path:
        """The list of the stored files that the values name. Former versions wrote none."""
        return self.values.with_suffix(".files")

    @property
    def store(self) -> Disk:
        return Disk(self.values.parent / FILES)

    @classmethod
    def at(cls, values: Path, keys: Path | None = None) -> "Backup":
        """The files of a backup to restore. Raises BackupProblem."""
        found = cls(values, keys or values.parent / KEYS)
        for file in (found.values, found.keys):
            if not file.is_file():
                raise BackupProblem(f"There is no file {file}. A backup is a .values file with {KEYS} next to it.")
        return found


def make(folder: Path, *, url: str, programs: Path, store: Path, at_utc: datetime) -> Backup:
    """Writes a backup into `folder` and replaces the older keys. Each file is complete or absent.

    Takes   url: the owner's; programs: the folder of PostgreSQL's programs, of the server's own version;
            store: the folder of the stored files."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = Backup(folder / f"troth-{at_utc:%Y%m%dT%H%M%SZ}.values", folder / KEYS)
    # Before the values and after them: what is deleted or added meanwhile is there, whichever of the two they name.
    names = _copy_files(url, Disk(store), made.store)
    with _new(made.values) as file:
        ours = ("--schema=public", "--exclude-table-data=public.person_key")
        _run(programs, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", *ours, "--file", file, url=url)
    names |= _copy_files(url, Disk(store), made.store)
    with _new(made.names) as file:
        file.write_text("".join(f"{name}\n" for name in sorted(map(str, names))), encoding="ascii")
    with _new(made.keys) as file:
        _write_keys(file, url)
    _delete_unnamed(folder, made.store)
    return made


def restore(backup: Backup, *, url: str, programs: Path, store: Path) -> list[str]:
    """Restores the database with the keys of the newest backup. Its former content is gone once everything is loaded.

    Gives   the stored files that the values name and that neither the backup nor the store has."""
    with psycopg.connect(url, autocommit=True) as connection:
        _refuse_running(connection)
        missing = _bring_files_back(backup, Disk(store))
        connection.execute(f"drop schema if exists {_ASIDE} cascade")  # what an interrupted one left
        with connection.transaction():
            connection.execute(f"alter schema public rename to {_ASIDE}")
            connection.execute("create schema public")
            connection.execute("grant usage on schema public to public")
        try:
            all_of_it = ("--schema=public", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
            _run(programs, "pg_restore", *all_of_it, backup.values, url=url)
            _load_keys(connection, backup.keys)
            _forget_prepared(connection)
        except BaseException:
            connection.execute("drop schema public cascade")
            connection.execute(f"alter schema {_ASIDE} rename to public")
            raise
        connection.execute(f"drop schema {_ASIDE} cascade")
    return missing


def _copy_files(url: str, store: Disk, copies: Disk) -> set[UUID]:
    """The ids of the stored files that values name now; those that there was no copy of have one."""
    with psycopg.connect(url) as connection:
        found = connection.execute("select id, stored from stored_file where prepared is null").fetchall()
    for id, stored in found:
        if not copies.holds(id, stored=stored):
            _copy_file(store.place(id), copies.place(id))
    return {id for id, _stored in found}


def _copy_file(source: Path, target: Path) -> None:
    """Nothing where the source is gone: whatever named it is, too."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileNotFoundError), source.open("rb") as opened, _new(target) as file, file.open("wb") as written:
        shutil.copyfileobj(opened, written)


def _bring_files_back(backup: Backup, store: Disk) -> list[str]:
    names = backup.names.read_text(encoding="ascii").split() if backup.names.is_file() else []
    for name in names:
        if not store.place(UUID(name)).exists():
            _copy_file(backup.store.place(UUID(name)), store.place(UUID(name)))
    return [name for name in names if not store.place(UUID(name)).exists()]


def _forget_prepared(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Their content is in no backup, and their hour is over. Values of the first versions know none."""
    (known,) = connection.execute("select to_regclass('public.prepared_file') is not null").fetchone() or (False,)
    if known:
        connection.execute("delete from prepared_file")


def _delete_unnamed(folder: Path, copies: Disk) -> None:
    """What only backups named that someone has deleted."""
    lists = [file for file in folder.glob("troth-*.files") if file.with_suffix(".values").exists()]
    named = {UUID(name) for file in lists for name in file.read_text(encoding="ascii").split()}
    for each in list(copies.files()):
        if each.id not in named:
            copies.delete(each.id)


def _refuse_running(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Raises BackupProblem while the site runs: its pages would keep what they cached of the replaced database."""
    until = time.monotonic() + _STOPS_WITHIN_SECONDS
    while _is_running(connection):
        if time.monotonic() > until:
            raise BackupProblem(
                "The site is still running: pages, jobs or signing are connected to the database. Stop it first, e.g.: "
                "systemctl stop troth.target"
            )
        time.sleep(0.2)


def _is_running(connection: "psycopg.Connection[tuple[object, ...]]") -> bool:
    row = connection.execute(
        "select exists (select from pg_stat_activity where datname = current_database() and usename = any (%s))",
        [[provision.APPLICATION, provision.SEALER]],
    ).fetchone()
    return row == (True,)


def _write_keys(file: Path, url: str) -> None:
    with (
        psycopg.connect(url) as connection,
        file.open("wb") as written,
        connection.cursor().copy("copy person_key (person_id, wrapped) to stdout (format binary)") as rows,
    ):
        for block in rows:
            written.write(block)


def _load_keys(connection: "psycopg.Connection[tuple[object, ...]]", keys: Path) -> None:
    """Skips keys of people who came after the values, or who were erased."""
    with connection.transaction():
        connection.execute("create temporary table kept (person_id uuid, wrapped bytea) on commit drop")
        with (
            keys.open("rb") as file,
            connection.cursor().copy("copy kept (person_id, wrapped) from stdin (format binary)") as rows,
        ):
            while block := file.read(1 << 20):
                rows.write(block)
        connection.execute(
            "insert into person_key (person_id, wrapped) select k.person_id, k.wrapped from kept k"
            " join person p on p.id = k.person_id and p.erased_utc is null"
        )


@contextmanager
def _new(target: Path) -> Iterator[Path]:
    """A file next to the target, readable only by its user, that replaces it when it is complete and on disk."""
    part = target.with_name(f"{target.name}.part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def _run(programs: Path, program: str, *words: str | Path, url: str) -> None:
    """Every user of the machine can read a command line, so the password goes by the environment."""
    parts: dict[str, Any] = conninfo_to_dict(url)
    environ = {**os.environ, "PGPASSWORD": str(parts.pop("password", "") or "")}
    command = [programs / program, *words, f"--dbname={make_conninfo(**parts)}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environ)
    except FileNotFoundError as error:
        raise BackupProblem(
            f"There is no {program} in {programs}. Set TROTH_PG_BIN to a PostgreSQL bin folder."
        ) from error
    if done.returncode:
        raise BackupProblem(f"{program} failed: {done.stderr.strip()[-600:]}")
