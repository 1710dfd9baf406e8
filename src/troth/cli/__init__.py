"""The command line."""

import os
import sys
from pathlib import Path

import click
import psycopg
from django.db import OperationalError

from troth import configuration, logs
from troth.cli.listed import Commands, ListedCommand
from troth.cli.terminal import SENTENCES, refuse
from troth.opening import OF_THE_DISK, explain_file_error

_COMMANDS = {
    "backup": ListedCommand("troth.cli.backup:backup", "Back up the database and the stored files."),
    "database": ListedCommand("troth.cli.database:database_commands", "Set up a PostgreSQL server of your own."),
    "doctor": ListedCommand("troth.cli.doctor:doctor", "Check everything that a site needs in production."),
    "files": ListedCommand("troth.cli.files:files_commands", "Verify the files that people sent.", django=True),
    "gate": ListedCommand(
        "troth.cli.gate:gate_commands", "Compare or rebuild the gate's records.", django=True, owner="do this"
    ),
    "jobs": ListedCommand("troth.cli.jobs:jobs_commands", "List and retry failed jobs.", django=True),
    "keys": ListedCommand("troth.cli.keys:keys_commands", "Show the two keys, and verify copies of them."),
    "ledger": ListedCommand("troth.cli.ledger:ledger_commands", "Verify the ledger, and compare its clock."),
    "mail": ListedCommand(
        "troth.cli.mail:mail_commands",
        "Show and release email held after a restore.",
        django=True,
        owner="release held email",
        read_by_all=("show",),
    ),
    "migrate": ListedCommand("troth.cli.server:migrate", "Migrate the database.", django=True, owner="migrate it"),
    "new": ListedCommand("troth.cli.new:new", "Create a site of your own in a folder.", for_others=True),
    "outbox": ListedCommand(
        "troth.cli.outbox:outbox_commands", "Show waiting and failed email; send it again.", django=True
    ),
    "policy": ListedCommand(
        "troth.cli.policy:policy_commands", "Check, compare, adopt and publish a policy.", for_others=True
    ),
    "prepare": ListedCommand(
        "troth.cli.server:prepare", "Prepare the database for a start.", django=True, owner="prepare it"
    ),
    "restore": ListedCommand("troth.cli.backup:restore", "Restore a backup, then repeat later opt-outs."),
    "run": ListedCommand("troth.cli.run:run", "Run a whole site, until Ctrl-C."),
    "seal": ListedCommand("troth.cli.ledger:seal", "Sign the ledger only (a part of `troth run`)."),
    "staff": ListedCommand(
        "troth.cli.staff:staff_commands",
        "Add staff, list them, close their accounts.",
        django=True,
        owner="change staff accounts",
        read_by_all=("list",),
    ),
    "web": ListedCommand("troth.cli.web:web", "Serve pages only (a part of `troth run`)."),
    "work": ListedCommand("troth.cli.server:work", "Run queued jobs only (a part of `troth run`).", django=True),
}


def _read_configuration(context: click.Context, option: click.Parameter, folder: Path | None) -> None:
    """Before a command is loaded, for loading Django reads the variables. One that is set already wins."""
    if folder is None:
        return
    try:
        found = configuration.read(folder)
    except configuration.ConfigurationProblem as problem:
        refuse(str(problem))
    os.environ.update({**found, **os.environ, "TROTH_CONFIG": str(folder)})


@click.command(
    cls=Commands,
    listed=_COMMANDS,
    epilog="Begin with `troth new FOLDER`; docs/running.md leads from there to your own domain.",
)
@click.version_option(package_name="troth")
@click.option(
    "--config",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="TROTH_CONFIG",
    callback=_read_configuration,
    expose_value=False,
    is_eager=True,
    help="A folder of settings (*.env), such as /etc/troth.",
)
def troth() -> None:
    """A customer portal that runs on its published privacy policy."""


def main() -> None:
    """The `troth` program. Errors that the user can fix are one sentence, without a traceback."""
    try:
        Path.cwd()
    except OSError:
        refuse("The folder you are in was deleted or can't be opened. Change to another one, e.g. by cd /")
    try:
        troth(prog_name="troth")
    except SENTENCES as error:
        refuse(str(error))
    except (OperationalError, psycopg.OperationalError) as error:
        what = "Can't connect to the database" if logs.database_away(error) else "The database couldn't do it"
        refuse(f"{what}: {str(error).splitlines()[0]}. `troth doctor` says what is missing.")
    except OSError as error:
        if error.filename is None and error.errno not in OF_THE_DISK:
            raise
        refuse(f"Can't {f'open {error.filename}' if error.filename else 'write'}: {explain_file_error(error)}.")
    sys.exit(0)
