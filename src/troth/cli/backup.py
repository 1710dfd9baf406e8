"""`troth backup` and `troth restore`. docs/operating.md explains both."""

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
    """Write a backup of the running site's database and its stored files into FOLDER, as the database's owner."""
    url = as_owner("Only the owner of the database may back it up. Set TROTH_OWNER_URL.")
    environment = Environment.read(os.environ)
    programs, store = database.find_programs(url, os.environ), environment.files_folder
    made = backups.make(folder, url=url, programs=programs, store=store, at_utc=datetime.now(UTC))
    by = os.environ.get("USER", "operator")
    saved.note(environment.var, saved.BACKUP, made.values.name, by=by, at_utc=datetime.now(UTC))
    say(f"  {made.values}   encrypted values: keep as many as you like")
    say(f"  {made.store.folder}   encrypted files that people sent: keep this folder with the values")
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
            url, store = known["TROTH_OWNER_URL"], environment.files_folder
            missing = backups.restore(chosen, url=url, programs=database.find_programs(url, os.environ), store=store)
            say(f"Loaded {chosen.values}.")
            if missing:
                say(f"{len(missing)} stored files are neither in {chosen.store.folder} nor in {store}: {missing[0]} …")
        supervise.prepare(known, "--restored", "--why", why or _reason(values), "--by", f"operator:{by}")


def _reason(values: Path | None) -> str:
    return f"the backup {values.name} was restored" if values else ""
