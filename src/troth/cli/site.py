"""Commands about a site as a whole; none of them needs the database to be there."""

import os
from datetime import datetime
from pathlib import Path

import click
import psycopg

from troth import catalog, seal, serve, supervise
from troth.cli.terminal import refuse, say
from troth.environment import Environment
from troth.records import keymark


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--organization", default="Our Company", help="The name used in the policy and on the pages.")
def new(folder: Path, organization: str) -> None:
    """Create a site in FOLDER: a policy, a catalog, routing and a brand, without findings."""
    try:
        made = catalog.new(folder, organization=organization, today=datetime.now().astimezone().date())
    except catalog.FolderNotEmpty as error:
        refuse(str(error))
    for path in made:
        say(f"  {path}")
    say(f"\nCreated a site in {folder}. Next:\n  troth policy check {folder}\n  TROTH_SITE={folder} troth run")


@click.command()
@click.option("--insecure-as-root", is_flag=True, help="Let pages run as root. Not for production.")
def run(insecure_as_root: bool) -> None:
    """Run the site: database, pages and jobs, until Ctrl-C."""
    supervise.run(os.environ, as_root=insecure_as_root, say=say)


@click.command()
def web() -> None:
    """Serve pages only, with a database that is already running."""
    environment = Environment.read(os.environ)
    _refuse_another_key(environment)
    serve.run(port=environment.port)


def _refuse_another_key(environment: Environment) -> None:
    """Raises WrongMasterKey. If the database is unavailable, the pages themselves wait for it."""
    vault = seal.vault_at(environment.master_key_file)
    try:
        with psycopg.connect(environment.database_url, connect_timeout=5) as connection:
            keymark.verify(connection.cursor(), vault)
    except psycopg.OperationalError as error:
        say(f"Note: can't connect to the database, so the master key was not checked. {str(error).splitlines()[0]}")
