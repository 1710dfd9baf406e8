"""The command line. Each command is loaded when it is called, those that need Django after its settings are read."""

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import click
import django
import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from troth import configuration, garbage
from troth.cli.terminal import SENTENCES, as_owner, refuse
from troth.opening import explain_file_error


@dataclass(frozen=True)
class ListedCommand:
    """A command as the list of commands shows it: `summary` is its line there, so that listing loads none of them.

    Takes   place: module:name.
            django: it is loaded after Django and the site's settings.
            owner: what others are refused, where only the owner of the database may; before settings are read.
            for_others: its files are meant for others, such as a site folder or a published policy."""

    place: str
    summary: str
    django: bool = False
    owner: str = ""
    for_others: bool = False


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
        "troth.cli.mail:mail_commands", "Release email held after a restore.", django=True, owner="release held email"
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
    ),
    "web": ListedCommand("troth.cli.web:web", "Serve pages only (a part of `troth run`)."),
    "work": ListedCommand("troth.cli.server:work", "Run queued jobs only (a part of `troth run`).", django=True),
}


class Commands(click.Group):
    """Commands by name, imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name].summary) for name in self.list_commands(ctx)])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        listed = _COMMANDS.get(args[0])
        if listed and listed.owner and "--help" not in args:
            as_owner(f"Only the owner of the database may {listed.owner}. Set TROTH_OWNER_URL.")
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        listed = _COMMANDS.get(cmd_name)
        if listed is None:
            return None
        if not listed.for_others:
            os.umask(0o077)
        if listed.django:
            set_up_django()
        module, name = listed.place.split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


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
    cls=Commands, epilog="Begin with `troth new FOLDER`; docs/running.md leads from there to your own domain."
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


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "troth.settings")
    try:
        with garbage.loading():
            django.setup()
    except ImproperlyConfigured as error:
        refuse(str(error))


def load_rooms() -> None:
    """The rooms' values for an author of a policy: no variable, key or database of a site is read."""
    if not settings.configured:
        apps = ["troth.apps.TrothConfig", "django.contrib.auth", "django.contrib.contenttypes"]
        settings.configure(INSTALLED_APPS=apps, AUTH_USER_MODEL="troth.User", USE_TZ=True)
        with garbage.loading():
            django.setup()


def main() -> None:
    """The `troth` program. Errors that the user can fix are one sentence, without a traceback."""
    try:
        troth(prog_name="troth")
    except SENTENCES as error:
        refuse(str(error))
    except (OperationalError, psycopg.OperationalError) as error:
        refuse(f"Can't connect to the database: {str(error).splitlines()[0]}. `troth doctor` says what is missing.")
    except OSError as error:
        if error.filename is None:
            raise
        refuse(f"Can't open {error.filename}: {explain_file_error(error)}.")
    sys.exit(0)
