"""Backups in two files: values, of which as many are kept as one likes, and wrapped keys, of which only the newest.

    FOLDER/troth-20261126T155000Z.values     everything but the people's keys (pg_dump, custom format)
    FOLDER/troth.keys                        the people's wrapped keys; each backup replaces it

The keys are written after the values, so everybody in the values who was not erased in between has one. Of somebody who
is erased the next backup's keys have none: what older values hold of her is then readable by nobody.
The master key is in neither; it is kept apart from both.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from troth import provision

KEYS = "troth.keys"
_ASIDE = "before_restore"


class BackupProblem(Exception):
    """A backup cannot be made or restored; the message says why and what to do."""


@dataclass(frozen=True)
class Backup:
    """The two files of a backup."""

    values: Path
    keys: Path

    @classmethod
    def at(cls, values: Path, keys: Path | None = None) -> "Backup":
        """The files of a backup that is to be restored. Raises BackupProblem."""
        found = cls(values, keys or values.parent / KEYS)
        for file in (found.values, found.keys):
            if not file.is_file():
                raise BackupProblem(f"There is no file {file}. A backup is a .values file with {KEYS} next to it.")
        return found


def make(folder: Path, *, url: str, programs: Path, at_utc: datetime) -> Backup:
    """A new backup in `folder`, its keys in the place of the former ones. Both files are whole or not there.

    Takes   url: the owner's; programs: the folder of PostgreSQL's programs, of the server's own version."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = Backup(folder / f"troth-{at_utc:%Y%m%dT%H%M%SZ}.values", folder / KEYS)
    with _new(made.values) as file:
        ours = ("--schema=public", "--exclude-table-data=public.person_key")
        _run(programs, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", *ours, "--file", file, url=url)
    with _new(made.keys) as file:
        _write_keys(file, url)
    return made


def restore(backup: Backup, *, url: str, programs: Path) -> None:
    """The database as it was, with the keys of the newest backup. What stood there is gone once all of it is loaded."""
    with psycopg.connect(url, autocommit=True) as connection:
        _refuse_running(connection)
        connection.execute(f"drop schema if exists {_ASIDE} cascade")  # what an interrupted one left
        with connection.transaction():
            connection.execute(f"alter schema public rename to {_ASIDE}")
            connection.execute("create schema public")
            connection.execute("grant usage on schema public to public")
        try:
            all_of_it = ("--schema=public", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
            _run(programs, "pg_restore", *all_of_it, backup.values, url=url)
            _load_keys(connection, backup.keys)
        except BaseException:
            connection.execute("drop schema public cascade")
            connection.execute(f"alter schema {_ASIDE} rename to public")
            raise
        connection.execute(f"drop schema {_ASIDE} cascade")


def _refuse_running(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Raises BackupProblem. Pages would go on with what they know of the database that is replaced under them."""
    running = connection.execute(
        "select exists (select from pg_stat_activity where datname = current_database() and usename = any (%s))",
        [[provision.APPLICATION, provision.SEALER]],
    ).fetchone()
    if running == (True,):
        raise BackupProblem(
            "The site is still running: pages, jobs or signing are connected to the database. Stop it first, e.g.: "
            "systemctl stop troth.target"
        )


def _write_keys(file: Path, url: str) -> None:
    with (
        psycopg.connect(url) as connection,
        file.open("wb") as written,
        connection.cursor().copy("copy person_key (person_id, wrapped) to stdout (format binary)") as rows,
    ):
        for block in rows:
            written.write(block)


def _load_keys(connection: "psycopg.Connection[tuple[object, ...]]", keys: Path) -> None:
    """Keys of people who came after the values, or who were erased, have nobody here."""
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
    """A file beside the target, readable by its user alone, that takes its place when it is whole and on the disk."""
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
