"""`troth doctor`: checks everything a production site needs, and says for each whether it is fine.

    machine    keys and their copies, backups, folders, disk
    server     the database, its roles, migrations, clock
    site       policy, staff, pages, jobs, signing, held email
    outside    the address people use, its proxy, static files, the mail server

A check gives one or several lines. Where the database is away, one line says so and what needs it is not checked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import psycopg

from troth import database
from troth.environment import Environment


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
    """The site that is looked at. `owner_url`: None if this terminal doesn't know it; likewise the sealer's."""

    environment: Environment
    owner_url: str | None
    sealer_url: str | None
    web_user: str | None
    sealer_user: str | None

    @cached_property
    def has_database(self) -> bool:
        try:
            psycopg.connect(self.environment.database_url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    @property
    def is_demo(self) -> bool:
        """Whether nothing is meant to reach the outside."""
        return self.environment.demo or self.is_embedded

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
