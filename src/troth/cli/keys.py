"""`troth keys …`: which keys this site has, and whether copies of them are in a safe."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from troth import saved
from troth.cli.terminal import refuse, say
from troth.environment import Environment
from troth.opening import explain_file_error


@click.group("keys")
def keys_commands() -> None:
    """Show the two keys of this site, and verify copies of them."""


@keys_commands.command()
def show() -> None:
    """Show where the keys are, their fingerprints, and when their copies were verified."""
    environment = Environment.read(os.environ)
    for key in environment.keys:
        mark = _fingerprint(key)
        last = saved.latest(environment.var, key.name, mark)
        say(f"{key}   {mark}   {f'copy verified {last.at_utc:%Y-%m-%d} by {last.by}' if last else 'no copy verified'}")


@keys_commands.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--by", default=lambda: os.environ.get("USER", "operator"), help="Who keeps the copies.")
def verify(folder: Path, by: str) -> None:
    """Compare the copies of both keys in FOLDER with the keys in use, and note that they are saved."""
    environment = Environment.read(os.environ)
    for key in environment.keys:
        copy = folder / key.name
        if not copy.is_file():
            refuse(f"There is no {key.name} in {folder}. Copy it there first: cp {key} {folder}/")
        if _fingerprint(copy) != _fingerprint(key):
            refuse(f"{copy} is not a copy of {key}. Keep both until you know what the other one opens.")
    for key in environment.keys:
        saved.note(environment.var, key.name, _fingerprint(key), by=by or "operator", at_utc=datetime.now(UTC))
    say(f"Both copies in {folder} are right. Keep them apart from each other's backups and from this machine.")


def _fingerprint(key: Path) -> str:
    try:
        return saved.fingerprint(key)
    except OSError as error:
        refuse(f"Can't read {key}: {explain_file_error(error)}.")
