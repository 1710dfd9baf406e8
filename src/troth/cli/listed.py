"""Groups of commands that are loaded one by one: one that needs Django is loaded after its settings are read."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click
import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from troth import garbage
from troth.cli.terminal import as_owner, refuse


@dataclass(frozen=True)
class ListedCommand:
    """A command as the list of commands shows it: `summary` is its line there, so that listing loads none of them.

    Takes   place: module:name.
            django: it is loaded after Django and the site's settings.
            rooms: it is loaded after the rooms alone, for an author of a policy.
            owner: what others are refused, where only the owner of the database may; before settings are read.
            read_by_all: of these, the commands that only read, which every role may.
            for_others: its files are meant for others, such as a site folder or a published policy."""

    place: str
    summary: str
    django: bool = False
    rooms: bool = False
    owner: str = ""
    read_by_all: tuple[str, ...] = ()
    for_others: bool = False


class Commands(click.Group):
    """Commands by name, each imported when it is asked for."""

    def __init__(self, *, listed: Mapping[str, ListedCommand], **rest: Any) -> None:
        super().__init__(**rest)
        self.listed = listed

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.listed)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.listed[name].summary) for name in self.list_commands(ctx)])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        listed = self.listed.get(args[0])
        if listed and listed.owner and "--help" not in args and not {*args[1:2]} & {*listed.read_by_all}:
            as_owner(f"Only the owner of the database may {listed.owner}. Set TROTH_OWNER_URL.")
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        listed = self.listed.get(cmd_name)
        if listed is None:
            return None
        if not listed.for_others:
            os.umask(0o077)
        if listed.django:
            set_up_django()
        elif listed.rooms:
            load_rooms()
        module, name = listed.place.split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


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
