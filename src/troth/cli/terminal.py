"""Output at the terminal."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn, Protocol

import click

from troth import apart, backup, configuration, database, notes, provision, seal, supervise, users
from troth.environment import Environment, EnvironmentProblem

SENTENCES = (
    EnvironmentProblem,
    configuration.ConfigurationProblem,
    database.DatabaseProblem,
    provision.CannotProvision,
    users.NoSuchUser,
    seal.SealError,
    notes.NoteProblem,
    supervise.CannotRun,
    backup.BackupProblem,
    apart.CannotSeparate,
)
"""Errors whose message is a sentence for the user at the terminal."""


WAITS = "Load everything, then begin when a line arrives on standard input."


class PrintedFinding(Protocol):
    @property
    def excerpt(self) -> str: ...
    @property
    def hint(self) -> str: ...
    @property
    def severity(self) -> str: ...


def say(sentence: str) -> None:
    click.echo(sentence)


def refuse(sentence: str) -> NoReturn:
    """Prints the reason to standard error and exits with code 1."""
    click.echo(f"troth: {sentence}", err=True)
    sys.exit(1)


def begins() -> bool:
    """Waits for the line of the process that started this one; False if that one gave up."""
    return bool(sys.stdin.readline())


def as_owner(otherwise: str) -> str:
    """The owner's database URL.

    Known for the embedded server, else TROTH_OWNER_URL; without it, `otherwise` is printed."""
    if not os.environ.get("DATABASE_URL"):
        os.environ.setdefault("TROTH_OWNER_URL", database.owner_url(Environment.read(os.environ).var))
    elif not os.environ.get("TROTH_OWNER_URL"):
        refuse(otherwise)
    return os.environ["TROTH_OWNER_URL"]


def list_findings(findings: Sequence[PrintedFinding], *, of: str) -> None:
    """Prints all findings like a compiler: position and message, the line, what to do."""
    for finding in findings:
        click.echo(f"{of}{finding}")
        if finding.excerpt:
            click.echo(f"    | {finding.excerpt}")
        click.echo(f"    = {finding.hint}\n")


def count(number: int, one: str, many: str) -> str:
    """1 person; 2 people."""
    return f"{number} {one if number == 1 else many}"


def has_errors(findings: Sequence[PrintedFinding]) -> bool:
    return any(finding.severity == "error" for finding in findings)
