"""`troth backup` and `troth restore`. docs/operating.md walks through both."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from troth import backup as backups
from troth import database, saved, supervise
from troth.cli.terminal import as_owner, say
from troth.environment import Environment

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def backup(folder: Path) -> None:
    """Write a backup of the running site's database into FOLDER, as its owner."""
    url = as_owner("Only the owner of the database may back it up. Set TROTH_OWNER_URL.")
    made = backups.make(folder, url=url, programs=database.find_programs(url, os.environ), at_utc=datetime.now(UTC))
    var = Environment.read(os.environ).var
    saved.note(var, saved.BACKUP, made.values.name, by=os.environ.get("USER", "operator"), at_utc=datetime.now(UTC))
    say(f"  {made.values}   encrypted values: keep as many as you like")
    say(f"  {made.keys}   wrapped keys: keep only this newest file, so that erased people stay erased")
    say("Store these separately from both: the master key, the ledger's key, the journal and the site folder.")


@click.command()
@click.argument("values", required=False, type=_FILE)
@click.option("--keys", type=_FILE, help="The newest file of wrapped keys. Default: the one next to VALUES.")
@click.option("--why", default="", help="Reason, for the ledger.")
@click.option("--by", default=lambda: os.environ.get("USER", "operator"), help="Who restores, for the ledger.")
def restore(values: Path | None, keys: Path | None, why: str, by: str) -> None:
    """Load the backup VALUES, then replay later opt-outs, removals and erasures. Omit VALUES if you loaded one.

    Stop the site first. Afterwards all email is held until `troth mail release`."""
    chosen = backups.Backup.at(values, keys) if values else None
    environment = Environment.read(os.environ)
    with supervise.database_only(environment, environ=os.environ) as known:
        if chosen:
            url = known["TROTH_OWNER_URL"]
            backups.restore(chosen, url=url, programs=database.find_programs(url, os.environ))
            say(f"Loaded {chosen.values}.")
        supervise.prepare(known, "--restored", "--why", why or _reason(values), "--by", f"operator:{by}")


def _reason(values: Path | None) -> str:
    return f"the backup {values.name} was restored" if values else ""
