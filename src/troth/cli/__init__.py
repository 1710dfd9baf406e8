"""The command line. Each command is loaded when it is called, those that need Django after its settings are read."""

import os
import sys
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

_PURE = {
    "backup": "troth.cli.backup:backup",
    "database": "troth.cli.database:database_commands",
    "doctor": "troth.cli.doctor:doctor",
    "keys": "troth.cli.keys:keys_commands",
    "new": "troth.cli.new:new",
    "run": "troth.cli.run:run",
    "policy": "troth.cli.policy:policy_commands",
    "ledger": "troth.cli.ledger:ledger_commands",
    "restore": "troth.cli.backup:restore",
    "seal": "troth.cli.ledger:seal",
    "web": "troth.cli.web:web",
}
_SERVER = {
    "files": "troth.cli.files:files_commands",
    "gate": "troth.cli.gate:gate_commands",
    "jobs": "troth.cli.jobs:jobs_commands",
    "mail": "troth.cli.mail:mail_commands",
    "migrate": "troth.cli.server:migrate",
    "outbox": "troth.cli.outbox:outbox_commands",
    "prepare": "troth.cli.server:prepare",
    "staff": "troth.cli.staff:staff_commands",
    "work": "troth.cli.server:work",
}
_OWNERS = {
    "gate": "Only the owner of the database may do this. Set TROTH_OWNER_URL.",
    "mail": "Only the owner of the database may release held email. Set TROTH_OWNER_URL.",
    "migrate": "Only the owner of the database may migrate it. Set TROTH_OWNER_URL.",
    "prepare": "Only the owner of the database may prepare it. Set TROTH_OWNER_URL.",
    "staff": "Only the owner of the database may change staff accounts. Set TROTH_OWNER_URL.",
}
"""What only the owner may do, and what is said to others; before Django reads its settings."""
_AUTHORS = frozenset({"new", "policy"})
"""Commands whose files are meant for others: a site folder, a published policy. All others write for us alone."""


class Commands(click.Group):
    """Commands by name, imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({**_PURE, **_SERVER})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = {**_PURE, **_SERVER}.get(cmd_name)
        if place is None:
            return None
        if cmd_name not in _AUTHORS:
            os.umask(0o077)
        if cmd_name in _OWNERS:
            as_owner(_OWNERS[cmd_name])
        if cmd_name in _SERVER:
            set_up_django()
        module, name = place.split(":")
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


@click.command(cls=Commands)
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
        troth()
    except SENTENCES as error:
        refuse(str(error))
    except (OperationalError, psycopg.OperationalError) as error:
        refuse(f"Can't connect to the database: {str(error).splitlines()[0]}")
    sys.exit(0)
