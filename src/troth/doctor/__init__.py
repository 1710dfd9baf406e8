"""`troth doctor`: checks everything a production site needs, and says for each whether it is fine.

    machine    keys and their copies, backups, folders, disk
    server     the database, its roles, migrations, clock
    site       policy, staff, pages, jobs, signing, held email
    outside    the address people use, its proxy, static files, the mail server

A check gives one or several lines. Where the database is away, or its tables aren't those of this version, one line
says so, and what needs them is not checked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import psycopg
from django.db import OperationalError

from troth import database, notes
from troth.environment import Environment
from troth.gate import health

NO_DATABASE, AWAY = "No database is set up yet.", "The database doesn't answer."
NOT_PREPARED = "The site isn't prepared yet."
NOT_MIGRATED = "The database isn't that of this version of the program."


class CheckState(StrEnum):
    FINE = "fine"
    MISSING = "missing"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class Line:
    """The result of one check. `fix`: the command or setting that helps."""

    state: CheckState
    says: str
    fix: str = ""


@dataclass(frozen=True)
class Checked:
    """One check and its lines."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Patient:
    """The site that is looked at. `owner_url`: None if this terminal doesn't know it; likewise the sealer's.

    Takes   folder: of the settings, such as /etc/troth; None without one"""

    environment: Environment
    owner_url: str | None
    sealer_url: str | None
    web_user: str | None
    sealer_user: str | None
    folder: Path | None = None

    @cached_property
    def unready(self) -> str:
        """Why what needs tables can't be checked; empty if it can."""
        try:
            if database.is_empty(self.environment.database_url):
                return NOT_PREPARED
            return NOT_MIGRATED if health.later_migrations() or health.missing_migrations() else ""
        except (psycopg.OperationalError, OperationalError):
            return NO_DATABASE if self.lacks_database else AWAY

    @property
    def has_database(self) -> bool:
        return self.unready in ("", NOT_PREPARED, NOT_MIGRATED)

    @property
    def is_new(self) -> bool:
        """Whether nothing was prepared yet, neither in the database nor in the folders: so nothing is lost."""
        key = self.environment.ledger_key_file
        made = (self.environment.master_key_file, key, notes.public_file(key), self.environment.checkpoint_file)
        return bool(self.unready) and not any(file.exists() for file in made)

    @property
    def is_demo(self) -> bool:
        """Whether nothing is meant to reach the outside."""
        return self.environment.demo or (self.is_embedded and not self.lacks_database)

    @property
    def lacks_database(self) -> bool:
        """Whether there are settings for production, but none of a database."""
        return self.is_embedded and self.folder is not None

    @property
    def is_embedded(self) -> bool:
        return self.environment.database_url == database.default_url(self.environment.var)


Check = Callable[[Patient], Iterator[Line]]


def fine(says: str) -> Line:
    return Line(CheckState.FINE, says)


def missing(says: str, fix: str) -> Line:
    return Line(CheckState.MISSING, says, fix)


def skip(says: str, fix: str = "") -> Line:
    return Line(CheckState.UNCHECKED, says, fix)


def examine(patient: Patient, checks: Mapping[str, Check]) -> Iterator[Checked]:
    """Each check's lines as they come. What a check did not expect is a line of its own and stops no other."""
    for name, check in checks.items():
        try:
            lines = tuple(check(patient))
        except Exception as error:
            said = f"This could not be checked: {type(error).__name__}."
            lines = (missing(said, "Look at the service's log: journalctl -u 'troth-*'"),)
        yield Checked(name, lines)


def is_fit(found: Sequence[Checked]) -> bool:
    return not any(line.state is CheckState.MISSING for each in found for line in each.lines)
