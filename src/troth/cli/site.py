"""Commands about a site as a whole; none of them needs the database to be there."""

import os
import shlex
import sys
from datetime import datetime
from pathlib import Path

import click
import psycopg

from troth import catalog, seal, serve, supervise
from troth.cli.terminal import refuse, say
from troth.environment import Environment
from troth.records import keymark


def _empty(context: click.Context, argument: click.Parameter, folder: Path) -> Path:
    """Before the first question: nobody answers three for a folder that is refused."""
    try:
        catalog.refuse_filled(folder)
    except catalog.FolderNotEmpty as error:
        refuse(str(error))
    return folder


def _domain(context: click.Context, option: click.Parameter, said: str) -> str:
    domain = said.strip().lower().removeprefix("https://").rstrip("/")
    if not catalog.is_domain(domain):
        raise click.BadParameter(f"“{said}” isn't a domain. Example: example.com")
    return domain


def _place(context: click.Context, option: click.Parameter, said: str) -> str:
    place = said.strip().upper()
    if not catalog.is_place(place):
        meant = " or ".join(catalog.suggest_places(said.strip()))
        hint = f"Did you mean {meant}?" if meant else "Examples: US, US-CA, DE"
        raise click.BadParameter(f"“{said}” isn't the code of a country or of a state of one. {hint}")
    return place


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), callback=_empty, is_eager=True)
@click.option("--organization", prompt="Company name", help="The name used in the policy and on the pages.")
@click.option("--domain", prompt="Domain, such as example.com", callback=_domain, help="For email addresses.")
@click.option(
    "--place",
    prompt="Country, or country and state, such as US or US-CA",
    callback=_place,
    help="Where the company is: its holidays, and whose requests go to its first salesperson.",
)
def new(folder: Path, organization: str, domain: str, place: str) -> None:
    """Create a site in FOLDER: a policy, a catalog, routing and a brand, without findings. Asks three questions."""
    today = datetime.now().astimezone().date()
    for path in catalog.new(folder, organization=organization, today=today, domain=domain, place=place):
        say(f"  {path}")
    named = shlex.quote(str(folder))
    say(f"\nCreated a site in {folder}. Next:\n")
    say(f"  troth policy check {named}           # check its policy, after each change")
    say(f"  TROTH_SITE={named} troth run         # see it on this machine, until Ctrl-C")
    say(f"  TROTH_SITE={named} troth doctor      # meanwhile, in another terminal: what production still needs")


@click.command()
@click.option("--insecure-as-root", is_flag=True, help="Let pages run as root. Not for production.")
def run(insecure_as_root: bool) -> None:
    """Run the site: database, pages and jobs, until Ctrl-C."""
    supervise.run(os.environ, as_root=insecure_as_root, say=say)


@click.command()
@click.option("--wait", is_flag=True, help="Load everything, then begin when a line arrives on standard input.")
def web(wait: bool) -> None:
    """Serve pages only, with a database that is already running."""
    environment = Environment.read(os.environ)
    if wait:
        serve.load()
        if not sys.stdin.readline():
            return  # the person who started this process gave up
    _refuse_another_key(environment)
    say(f"Pages of {environment.base_url} are served on 127.0.0.1:{environment.port}.")
    serve.run(port=environment.port)


def _refuse_another_key(environment: Environment) -> None:
    """Raises WrongMasterKey. If the database is unavailable, the pages themselves wait for it."""
    vault = seal.vault_at(environment.master_key_file)
    try:
        with psycopg.connect(environment.database_url, connect_timeout=5) as connection:
            keymark.verify(connection.cursor(), vault)
    except psycopg.OperationalError as error:
        say(f"Note: can't connect to the database, so the master key was not checked. {str(error).splitlines()[0]}")
